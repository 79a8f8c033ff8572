// Tries a template on a holder's records, by the holder's own program, which opens them as its node does. The values that
// are tried go to it on its input: a command line can be read by everybody on the machine.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseYaml, FlawedDocument } from '@anonymesh/trust';
import { z } from 'zod';
import { runProgram } from '../starting/run-program.js';
import { named, No } from '../telling/no.js';
import { readTemplate } from './pin.js';

const tried = z.union([
  z.object({ found: z.literal('check'), concern: z.boolean(), reason: z.string(), milliseconds: z.number() }),
  z.object({ found: z.literal('set'), rows: z.number(), columns: z.array(z.string()), milliseconds: z.number() }),
  z.object({ failed: z.enum(['missing', 'unknown']), parameter: z.string() }),
  z.object({ failed: z.string(), milliseconds: z.number() }),
]);
type Tried = z.infer<typeof tried>;

const failures: Record<string, string> = {
  timeout: 'it was stopped at its time limit',
  'too-many-rows': 'it gave more rows than its limit',
  unavailable: 'the database cannot be reached or read now',
  statement: 'the database does not take it: it does not fit its tables or parameters, or tries more than to read',
  unfit: 'what it gave is not of the shape that a check must have',
};

export async function tryTemplate(file: string, { config, values }: { config: string; values: string }) {
  const { title, parameters } = readTemplate(file);
  const given = parameters.length === 0 ? {} : readValues(values);
  const found = await runAtHolder(file, config, JSON.stringify(given));
  if ('parameter' in found) {
    const wanted = `the template takes ${parameters.join(', ')}`;
    throw new No(
      'usage',
      `${found.parameter}: ${found.failed === 'missing' ? 'no value' : 'no such parameter'}; ${wanted}`,
    );
  }
  if ('failed' in found) throw new No('refused', `${file}: ${failures[found.failed] ?? found.failed}`);
  return { lines: [title, `${inWords(found)} (${found.milliseconds} ms)`], json: found };
}

function inWords(found: Exclude<Tried, { failed: string }>): string {
  if (found.found === 'set') return `${found.rows} rows of ${found.columns.join(', ') || 'no columns'}`;
  return found.concern ? `A concern: ${found.reason}` : 'No concern';
}

function readValues(place: string): Record<string, string> {
  const read = named(() => readFileSync(place === '-' ? 0 : place, 'utf8'));
  const parsed = parseYaml(place === '-' ? '(input)' : place, read, z.record(z.string(), z.string()));
  if (!parsed.ok) throw new FlawedDocument(parsed.flaws);
  return parsed.value;
}

async function runAtHolder(file: string, config: string, input: string): Promise<Tried> {
  const args = ['--config', resolve(config), '--template', resolve(file)];
  return tried.parse(JSON.parse(await runProgram({ app: 'lqi', entry: 'trying/main' }, args, input)));
}
