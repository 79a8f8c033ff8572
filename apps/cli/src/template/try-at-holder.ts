// Tries a template on a holder's records, by the holder's own program, which opens them as its node does. The values that
// are tried go to it on its input: a command line can be read by everybody on the machine.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseYaml, FlawedDocument } from '@anonymesh/trust';
import { z } from 'zod';
import { runProgram } from '../starting/run-program.js';
import { named, No } from '../telling/no.js';
import { readAgreement } from '../agreement/read-agreements.js';
import { readTemplate } from './pin.js';

/** Where there is an agreement: whether it pins this template. */
const pinned = z.boolean().optional();
const tried = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('check'), concern: z.boolean(), reason: z.string(), milliseconds: z.number(), pinned }),
  z.object({
    kind: z.literal('set'),
    records: z.number(),
    columns: z.array(z.string()),
    milliseconds: z.number(),
    pinned,
  }),
  z.object({ kind: z.literal('failed'), code: z.string() }),
  z.object({ kind: z.literal('invalid'), errors: z.array(z.object({ field: z.string(), message: z.string() })) }),
]);
type Tried = z.infer<typeof tried>;
type Found = Extract<Tried, { milliseconds: number }>;

const failures: Record<string, string> = {
  timeout: 'it was stopped at its time limit',
  'too-many-rows': 'it gave more rows than its limit',
  unavailable: 'the database cannot be reached or read now',
  statement: 'the database does not take it: it does not fit its tables or parameters, or tries more than to read',
  unfit: 'what it gave is not of the shape that was agreed, or that a check must have',
};

export interface TryOptions {
  readonly config: string;
  /** A file, or `-` for the input. */
  readonly values: string;
  /** The agreement that it is for, signed or not. */
  readonly agreement?: string;
}

export async function tryAtHolder(file: string, options: TryOptions) {
  const { title, parameters } = readTemplate(file);
  const received = options.agreement === undefined ? [] : receivedUnder(options.agreement);
  const given = parameters.length + received.length === 0 ? {} : readValues(options.values);
  const found = await runAtHolder(file, options, JSON.stringify(given));
  if (found.kind === 'invalid') {
    const wrong = found.errors.map(({ field, message }) => `${field || 'the values'}: ${message}`);
    throw new No('usage', [...wrong, `the template takes ${parameters.join(', ')}`]);
  }
  if (found.kind === 'failed') throw new No('refused', `${file}: ${failures[found.code] ?? found.code}`);
  const otherPin =
    found.pinned === false ? ['The agreement pins another template: write this one’s hash into it.'] : [];
  return { lines: [title, `${inWords(found)} (${found.milliseconds} ms)`, ...otherPin], json: found };
}

/** Whoever is the holder: its own program knows which, and that it gets what it is given. */
function receivedUnder(agreement: string): string[] {
  return readAgreement(agreement).content.holders.flatMap(({ receives }) => receives);
}

function inWords(found: Found): string {
  if (found.kind === 'check') return found.concern ? `A concern: ${found.reason}` : 'No concern';
  const asAgreed = found.pinned === undefined ? '' : ', all as agreed';
  return `${found.records} rows of ${found.columns.join(', ') || 'no columns'}${asAgreed}`;
}

function readValues(place: string): Record<string, string> {
  const read = named(() => readFileSync(place === '-' ? 0 : place, 'utf8'));
  const parsed = parseYaml(place === '-' ? '(input)' : place, read, z.record(z.string(), z.string()));
  if (!parsed.ok) throw new FlawedDocument(parsed.flaws);
  return parsed.value;
}

async function runAtHolder(file: string, { config, agreement }: TryOptions, input: string): Promise<Tried> {
  const held = agreement === undefined ? [] : ['--agreement', resolve(agreement)];
  const args = ['--config', resolve(config), '--template', resolve(file), ...held];
  return tried.parse(JSON.parse(await runProgram({ app: 'lqi', entry: 'trying/main' }, args, input)));
}
