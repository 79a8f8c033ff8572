// The outbox: parcels are written in the transaction of the effect that causes them and published after it, and again
// after a crash. The broker drops what it has already.
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '@anonymesh/runtime';
import type { Store } from '@anonymesh/store';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { Knex } from 'knex';
import type { Parcel } from './parcel.js';

export interface Outgoing extends Parcel {
  /** Milliseconds since 1970 before which it must not leave. */
  readonly notBefore: number;
}

export interface Outbox {
  /** Writes parcels, inside the transaction of their cause, and forgets earlier ones that have been published. */
  write(transaction: Knex.Transaction, outgoing: readonly Outgoing[]): Promise<void>;
  /** After that transaction: publishes them as soon as they may leave. */
  committed(outgoing: readonly Outgoing[]): void;
  /** Takes up what an earlier process left. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

const batch = 200;
/** More than this many are left in the table and taken up again from there. */
const mostWaiting = 5000;
/** Milliseconds: for the broker to answer; after which a failed publication is tried again; between looks at the table. */
const patience = 5000;
const retryAfter = 1000;
const patrolEvery = 30_000;
const forgetAfter = 1000;
const mostForgotten = 500;

export function openOutbox(store: Store, jetstream: JetStreamClient, log: Log): Outbox {
  const waiting: Outgoing[] = [];
  /** Published, and still in the table: forgotten by the next transaction, or when there is none for a while. */
  const published = new Set<string>();
  let leftInTable = false;
  let running: Promise<void> | undefined;
  let alarm: NodeJS.Timeout | undefined;
  let forgetting: NodeJS.Timeout | undefined;
  const closing = new AbortController();

  const recover = async () => {
    leftInTable = false;
    const known = new Set([...waiting.map(({ id }) => id), ...published]);
    const rows: OutboxRow[] = await store.knex<OutboxRow>('outbox').orderBy('not_before').limit(mostWaiting);
    if (rows.length === mostWaiting) leftInTable = true;
    committed(rows.filter(({ id }) => !known.has(id)).map((row) => ({ ...row, notBefore: row.not_before })));
  };

  const committed = (outgoing: readonly Outgoing[]) => {
    const room = mostWaiting - waiting.length;
    waiting.push(...outgoing.slice(0, room));
    if (outgoing.length > room) leftInTable = true;
    start();
  };

  const start = () => {
    if (closing.signal.aborted || running !== undefined) return;
    running = publishDue().finally(() => {
      running = undefined;
      setAlarm();
    });
  };

  const setAlarm = () => {
    clearTimeout(alarm);
    if (closing.signal.aborted || waiting.length === 0) return;
    const next = waiting.reduce((least, { notBefore }) => Math.min(least, notBefore), Infinity);
    alarm = setTimeout(start, Math.max(0, next - Date.now()));
  };

  async function publishDue(): Promise<void> {
    while (!closing.signal.aborted) {
      const now = Date.now();
      const due = waiting.filter(({ notBefore }) => notBefore <= now).slice(0, batch);
      if (due.length === 0 && (!leftInTable || waiting.length > mostWaiting / 2)) return;
      try {
        await (due.length > 0 ? publish(due) : recover());
      } catch (error) {
        log.fault('outbox.failed', error, { waiting: waiting.length });
        leftInTable = true;
        await wait(retryAfter, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  }

  /** What was published is forgotten; what was not goes to the end: one full stream must not hold up the others. */
  async function publish(due: readonly Outgoing[]): Promise<void> {
    const results = await Promise.allSettled(
      due.map(({ subject, sealed, id }) => jetstream.publish(subject, sealed, { msgID: id, timeout: patience })),
    );
    const sent = due.filter((_, index) => results[index]?.status === 'fulfilled').map(({ id }) => id);
    for (const id of sent) published.add(id);
    forgetting ??= setTimeout(() => void forgetPublished(), forgetAfter).unref();
    const handled = new Set(due);
    const notBefore = Date.now() + retryAfter;
    const again = due.filter(({ id }) => !sent.includes(id)).map((each) => ({ ...each, notBefore }));
    waiting.splice(0, waiting.length, ...waiting.filter((each) => !handled.has(each)), ...again);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) log.fault('outbox.publish-failed', failed.reason, { failed: again.length });
  }

  /** Each id is given to one transaction. A row that outlives it is published again, and dropped by the broker. */
  async function forget(knex: Knex): Promise<void> {
    const ids = [...published].slice(0, mostForgotten);
    for (const id of ids) published.delete(id);
    if (ids.length > 0) await knex('outbox').whereIn('id', ids).delete();
  }

  async function forgetPublished(): Promise<void> {
    forgetting = undefined;
    try {
      while (published.size > 0) await forget(store.knex);
    } catch (error) {
      log.fault('outbox.failed', error);
    }
  }

  // Another copy of this party may have died between commit and publication, and never come back.
  const patrol = setInterval(() => {
    leftInTable = true;
    start();
  }, patrolEvery);
  patrol.unref();

  return {
    write: async (transaction, outgoing) => {
      const rows = outgoing.map(({ id, subject, sealed, notBefore }) => ({
        id,
        subject,
        sealed,
        not_before: notBefore,
      }));
      if (rows.length > 0) await transaction('outbox').insert(rows);
      await forget(transaction);
    },
    committed,
    recover,
    close: async () => {
      closing.abort();
      clearTimeout(alarm);
      clearInterval(patrol);
      clearTimeout(forgetting);
      await running;
      await forgetPublished();
    },
  };
}

interface OutboxRow {
  id: string;
  subject: string;
  sealed: Buffer;
  not_before: number;
}
