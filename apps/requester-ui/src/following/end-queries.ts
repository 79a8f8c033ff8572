// Ends what is past its deadline, so that every query ends.
import type { Store } from '@anonymesh/store';
import { endOverdue } from '../store/queries.js';
import type { Changes } from './changes.js';

export async function endQueries({ knex }: Store, changes: Changes): Promise<void> {
  for (const id of await endOverdue(knex, Date.now())) changes.publish(id);
}
