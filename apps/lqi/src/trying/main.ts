// Runs one template on the holder's own records before anybody signs it: by the same code as the node, read-only and
// within its limits. Values come on the input, so that no person is named on a command line; what is found goes to whoever
// started this, and nowhere else.
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { CannotStart, endOnFault, orCannotStart, readConfig } from '@anonymesh/runtime';
import { readYaml, template } from '@anonymesh/trust';
import { z } from 'zod';
import { led, trialConfig } from '../config.js';
import { openSource } from '../sources/open-source.js';
import { tryOn } from './try-on.js';

endOnFault();
const { source: where } = readConfig(trialConfig);
const { values } = parseArgs({ options: { template: { type: 'string' }, config: { type: 'string' } } });
const file = values.template;
if (file === undefined) throw new CannotStart('start with --template FILE');
const content = orCannotStart(() => readYaml(file, template));
const given = z.record(z.string(), z.string()).safeParse(JSON.parse(await text(process.stdin)));
if (!given.success) throw new CannotStart('the values must be texts by the names of parameters');
const source = orCannotStart(() => openSource(where), led.source);
try {
  process.stdout.write(`${JSON.stringify(await tryOn(content, given.data, source))}\n`);
} finally {
  await source.close();
}
