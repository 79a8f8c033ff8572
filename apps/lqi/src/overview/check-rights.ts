// Whether the account in the config file can do more than read: the node never writes, but whoever takes the node over
// could.
import { amiss, unknown, well, type Found } from '@anonymesh/runtime';
import type { Source } from '../sources/source.js';

export async function checkRights(mayWrite: NonNullable<Source['mayWrite']>): Promise<Found> {
  const may = await mayWrite();
  if (may === undefined)
    return unknown('The database does not tell what its account may do.', 'Ask who runs the database.');
  if (!may) return well('The account in the config file may only read.');
  const reason = 'The account in the config file may write to the database; this node never does.';
  return amiss(
    'database-may-write',
    reason,
    'Make an account that may only read, and put it into the config file.',
    'attention',
  );
}

export const rightsUnknown = unknown(
  'What the account in the config file may do was not told.',
  'Look whether the database answers.',
);
