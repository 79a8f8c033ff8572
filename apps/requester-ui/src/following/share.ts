// Prints this organisation's share of the receipt of one query, whoever asked it, or what is missing for it: `mesh evidence
// receipt` starts it for the administrator. By the same code as the node, and it changes nothing.
import { parseArgs } from 'node:util';
import { lookIn } from '@anonymesh/courier';
import { queryId, type QueryId } from '@anonymesh/protocol';
import { CannotStart, endOnFault, readConfig } from '@anonymesh/runtime';
import { requesterConfig } from '../config.js';
import { findQuery } from '../store/queries.js';
import { receiptOf, type Receipting } from './receipt.js';

endOnFault();
const config = readConfig(requesterConfig);
const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { config: text, query: text, 'signed-before': text } });
const id = queryId.safeParse(values.query).data;
if (id === undefined) throw new CannotStart('start with --query ID');
const before = values['signed-before'];
const node = await lookIn(config);
try {
  process.stdout.write(
    `${JSON.stringify(await shareOf(node, id, before === undefined ? undefined : Number(before)))}\n`,
  );
} finally {
  await node.close();
}

async function shareOf(from: Receipting, query: QueryId, signedBefore: number | undefined): Promise<object> {
  const found = await findQuery(from.courier.store.knex, query);
  if (found === undefined) return { missing: 'query' };
  if (found.outcome === null) return { missing: 'outcome' };
  const receipt = await receiptOf(from, found, signedBefore);
  return receipt === undefined ? { missing: 'checkpoint' } : { receipt };
}
