// A requester's share of a receipt: its own program makes it, as it does for the caseworker who downloads it.
import { resolve } from 'node:path';
import type { QueryId } from '@anonymesh/protocol';
import { receipt, type Receipt } from '@anonymesh/receipts';
import { z } from 'zod';
import { runProgram } from '../starting/run-program.js';
import { No } from '../telling/no.js';

const told = z.union([
  z.strictObject({ receipt }),
  z.strictObject({ missing: z.enum(['query', 'outcome', 'checkpoint']) }),
]);

const why = { outcome: 'it has no outcome', checkpoint: 'no checkpoint has been signed since it ended' } as const;

/** Undefined where the node does not keep the query any more, or never had it. `before`: as the log was signed then. */
export async function requestersShare(
  config: string,
  query: QueryId,
  before: number | undefined,
): Promise<Receipt | undefined> {
  const args = ['--config', resolve(config), '--query', query];
  if (before !== undefined) args.push('--signed-before', `${before}`);
  const out = await runProgram({ app: 'requester-ui', entry: 'following/share' }, args);
  const found = told.parse(JSON.parse(out));
  if ('receipt' in found) return found.receipt;
  if (found.missing === 'query') return undefined;
  throw new No('refused', `${query}: ${why[found.missing]}`);
}
