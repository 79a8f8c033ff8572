// Ends what is past its deadline, so that every query ends, and erases what has been kept for as long as was agreed.
import type { Store } from '@anonymesh/store';
import { endOverdue, eraseExpired } from '../store/queries.js';
import type { Changes } from './changes.js';

export async function endQueries({ knex }: Store, changes: Changes): Promise<void> {
  const now = Date.now();
  for (const id of await endOverdue(knex, now)) changes.publish(id);
  await eraseExpired(knex, now);
}
