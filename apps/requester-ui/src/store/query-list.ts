// The caseworker's own queries as a list: filtered, paged, and found by reference.
import type { Knex } from 'knex';
import { openStates, type Query } from './queries.js';

export const listStates = ['open', 'clear', 'concern', 'refer', 'released', 'retracted', 'refused'] as const;

export interface ListFilter {
  readonly state?: (typeof listStates)[number] | undefined;
  /** Only those that subjects wished for. */
  readonly rechecks?: boolean | undefined;
}

/** Newest first, from `skip` on. */
export function listPage(
  knex: Knex,
  asker: string,
  filter: ListFilter,
  { skip, take }: { readonly skip: number; readonly take: number },
): Promise<Query[]> {
  return filtered(knex, asker, filter)
    .orderBy([
      { column: 'asked_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .offset(skip)
    .limit(take);
}

export async function countQueries(knex: Knex, asker: string, filter: ListFilter): Promise<number> {
  const row = await filtered(knex, asker, filter).count<{ count: number | string }>({ count: '*' }).first();
  return Number(row?.count ?? 0);
}

/** All askings of this caseworker under one reference, as it is written; the first one first. */
export function chainOf(knex: Knex, asker: string, reference: string): Promise<Query[]> {
  return knex<Query>('queries').where({ asker, reference }).orderBy('t');
}

function filtered(knex: Knex, asker: string, { state, rechecks }: ListFilter) {
  const own = knex<Query>('queries').where({ asker });
  if (rechecks === true) void own.where('t', '>', 0);
  if (state === 'open') void own.whereIn('state', openStates);
  else if (state === 'refused') void own.where({ state });
  else if (state !== undefined) void own.where({ state: 'decided', outcome: state });
  return own;
}
