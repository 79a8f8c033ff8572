// Counts what is asked against the agreement's limits: the coordinator's count is of requesters, for it knows no person.
import { gather } from '@anonymesh/courier';
import type { AskingLimit } from '@anonymesh/protocol';
import { countUses, type Use } from '@anonymesh/store';
import type { Knex } from 'knex';

/** In the transaction of what is admitted: both happen, or neither. */
export const countAsked = gather((transaction: Knex, uses: readonly Use<AskingLimit>[]) =>
  countUses(transaction, uses),
);
