// Counts how often something was done within a time that slides, and keeps it from being done more often. Names are the
// app's own; whoever must not know a person is given none, and a holder gives a keyed mark.
import type { Knex } from 'knex';
import type { Migration } from './migrate.js';

/** Counted under that name, at most so often within so many milliseconds. */
export interface Counter {
  readonly name: string;
  readonly most: number;
  readonly within: number;
}

export interface Use<Own extends Counter = Counter> {
  /** Of what is done: counted once, however often it comes. */
  readonly id: string;
  /** Milliseconds since 1970, as `keptUntil`, which must lie behind all times that its counters look back. */
  readonly at: number;
  readonly keptUntil: number;
  readonly counters: readonly Own[];
}

/** `again`: it is counted already. `over`: nothing was counted, for this counter is used up. */
export type Counted<Own extends Counter = Counter> = 'new' | 'again' | { readonly over: Own };

interface Row {
  id: string;
  name: string;
  at: number;
  kept_until: number;
}

export const useTables: Migration = {
  name: 'uses-1',
  async up(transaction) {
    await transaction.schema.createTable('uses', (table) => {
      table.string('id', 64).notNullable();
      table.string('name', 255).notNullable();
      table.bigInteger('at').notNullable();
      table.bigInteger('kept_until').notNullable().index();
      table.primary(['id', 'name']);
      table.index(['name', 'at']);
    });
  },
};

/** Counts them in this order, in the transaction of their effect. A use at t counts until just before t + within. */
export async function countUses<Own extends Counter>(
  transaction: Knex,
  uses: readonly Use<Own>[],
): Promise<Counted<Own>[]> {
  const counters = uses.flatMap((use) => use.counters);
  if (counters.length === 0) return uses.map(() => 'new');
  await lockNames(
    transaction,
    counters.map(({ name }) => name),
  );
  const ids = uses.map(({ id }) => id);
  const known = new Set<string>(await transaction<Row>('uses').whereIn('id', ids).pluck('id'));
  const fresh: Row[] = [];
  const counted: Counted<Own>[] = [];
  for (const { id, at, keptUntil, counters: own } of uses) {
    if (known.has(id)) {
      counted.push('again');
      continue;
    }
    const over = await usedUp(transaction, own, at, fresh);
    if (over === undefined) {
      known.add(id);
      fresh.push(...own.map(({ name }) => ({ id, name, at, kept_until: keptUntil })));
    }
    counted.push(over === undefined ? 'new' : { over });
  }
  for (let first = 0; first < fresh.length; first += batch)
    await transaction<Row>('uses').insert(fresh.slice(first, first + batch));
  return counted;
}

const batch = 100;

async function usedUp<Own extends Counter>(
  transaction: Knex,
  counters: readonly Own[],
  at: number,
  fresh: readonly Row[],
): Promise<Own | undefined> {
  for (const counter of counters) {
    const { name, most, within } = counter;
    const [row] = await transaction<Row>('uses')
      .where({ name })
      .where('at', '>', at - within)
      .count({ rows: '*' });
    const before = Number(row?.['rows']) + fresh.filter((use) => use.name === name && use.at > at - within).length;
    if (before >= most) return counter;
  }
  return undefined;
}

/** When there is room again under a counter that is used up, in milliseconds since 1970: its oldest use has to grow old. */
export async function freeAgainAt(transaction: Knex, { name, most, within }: Counter): Promise<number> {
  const [barring] = await transaction<Row>('uses')
    .where({ name })
    .orderBy('at', 'desc')
    .offset(most - 1)
    .limit(1)
    .pluck('at');
  return Number(barring) + within;
}

/** It did not happen after all. */
export async function forgetUses(transaction: Knex, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await transaction<Row>('uses').whereIn('id', ids).delete();
}

export function eraseUses(knex: Knex, now: number): Promise<number> {
  return knex<Row>('uses').where('kept_until', '<=', now).delete();
}

/**
 * Until the transaction ends no other one holds any of these names, also none of another copy of the app. An embedded
 * transaction has the whole file to itself from its start.
 */
export async function lockNames(transaction: Knex, names: readonly string[]): Promise<void> {
  const { dialect } = transaction.client as { readonly dialect: string };
  if (dialect !== 'postgresql') return;
  // Everybody takes them in one order, or two would wait for each other.
  for (const name of [...new Set(names)].sort())
    await transaction.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`anonymesh/uses/${name}`]);
}
