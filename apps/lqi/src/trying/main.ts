// Runs one template on the holder's own records before anybody signs it: by the same code as the node, read-only and
// within its limits, and held to an agreement where there is a draft. Values come on the input, so that no person is named
// on a command line; what is found goes to whoever started this, and nowhere else.
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { agreement } from '@anonymesh/protocol';
import { CannotStart, endOnFault, orCannotStart, readConfig } from '@anonymesh/runtime';
import { readYaml, template, templateHashOf } from '@anonymesh/trust';
import { z } from 'zod';
import { fits, type Agreed } from '../agreed/own-agreements.js';
import { led, trialConfig } from '../config.js';
import { parametersFor } from '../questions/statement.js';
import { openSource } from '../sources/open-source.js';
import { readSample } from './read-sample.js';
import { readValues } from './read-values.js';
import { tryTemplate } from './try-template.js';

endOnFault();
const { source: where, party } = readConfig(trialConfig);
const { values } = parseArgs({
  options: { template: { type: 'string' }, agreement: { type: 'string' }, config: { type: 'string' } },
});
const file = values.template;
if (file === undefined) throw new CannotStart('start with --template FILE');
const content = orCannotStart(() => readYaml(file, template));
const given = z.record(z.string(), z.string()).safeParse(JSON.parse(await text(process.stdin)));
if (!given.success) throw new CannotStart('the values must be texts by the names of parameters');
process.stdout.write(`${JSON.stringify(await tried(given.data))}\n`);

async function tried(typed: Readonly<Record<string, string>>): Promise<object> {
  const agreed = values.agreement === undefined ? undefined : readAgreed(values.agreement);
  const read = agreed === undefined ? readValues(content, typed, Date.now()) : readAgreedValues(agreed, typed);
  if ('errors' in read) return { kind: 'invalid', errors: read.errors };
  const pins = agreed === undefined ? {} : { pinned: agreed.terms.template.hash === templateHashOf(content) };
  const source = orCannotStart(() => openSource(where), led.source);
  try {
    return { ...(await tryTemplate(source, content, { ...read, agreed })), ...pins };
  } finally {
    await source.close();
  }
}

/** Signed or not: it is tried before anybody signs. */
function readAgreed(path: string): Agreed {
  const draft = orCannotStart(() => readYaml(path, agreement));
  const terms = draft.holders.find(({ id }) => id === party);
  if (terms === undefined) throw new CannotStart(`${path}: ${party} is no holder in it`);
  if (!fits(content, draft.kind, terms))
    throw new CannotStart(`${path}: the template does not answer what it asks, or takes what this holder does not get`);
  return { signed: { content: draft }, terms };
}

function readAgreedValues(agreed: Agreed, typed: Readonly<Record<string, string>>) {
  const sample = readSample(agreed, typed, Date.now());
  return 'errors' in sample ? sample : { parameters: parametersFor(content, sample.fields, sample.asOf) };
}
