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
  /** Writes parcels, inside the transaction of their cause. */
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
const slowest = 5000;

export function openOutbox(store: Store, jetstream: JetStreamClient, log: Log): Outbox {
  const waiting: Outgoing[] = [];
  let leftInTable = false;
  let running: Promise<void> | undefined;
  let alarm: NodeJS.Timeout | undefined;
  const closing = new AbortController();

  const recover = async () => {
    leftInTable = false;
    const known = new Set(waiting.map(({ id }) => id));
    const rows: OutboxRow[] = await store.knex<OutboxRow>('outbox').orderBy('not_before').limit(mostWaiting);
    leftInTable = rows.length === mostWaiting;
    committed(rows.filter(({ id }) => !known.has(id)).map((row) => ({ ...row, notBefore: row.not_before })));
  };

  const committed = (outgoing: readonly Outgoing[]) => {
    if (waiting.length + outgoing.length > mostWaiting) leftInTable = true;
    else waiting.push(...outgoing);
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
    let pause = 100;
    while (!closing.signal.aborted) {
      const now = Date.now();
      const due = waiting.filter(({ notBefore }) => notBefore <= now).slice(0, batch);
      if (due.length === 0) {
        if (waiting.length > 0 || !leftInTable) return;
        await recover();
        continue;
      }
      try {
        await publish(due);
        pause = 100;
      } catch (error) {
        log.fault('outbox.publish-failed', error, { waiting: waiting.length });
        await wait(pause, undefined, { signal: closing.signal }).catch(() => undefined);
        pause = Math.min(pause * 2, slowest);
      }
    }
  }

  /** What was published is forgotten, even if another of the batch failed. */
  async function publish(due: readonly Outgoing[]): Promise<void> {
    const results = await Promise.allSettled(
      due.map(({ subject, sealed, id }) => jetstream.publish(subject, sealed, { msgID: id, timeout: slowest })),
    );
    const sent = new Set(due.filter((_, index) => results[index]?.status === 'fulfilled').map(({ id }) => id));
    if (sent.size > 0) {
      await store
        .knex('outbox')
        .whereIn('id', [...sent])
        .delete();
      const rest = waiting.filter(({ id }) => !sent.has(id));
      waiting.splice(0, waiting.length, ...rest);
    }
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  return {
    write: async (transaction, outgoing) => {
      const rows = outgoing.map(({ id, subject, sealed, notBefore }) => ({
        id,
        subject,
        sealed,
        not_before: notBefore,
      }));
      if (rows.length > 0) await transaction('outbox').insert(rows);
    },
    committed,
    recover,
    close: async () => {
      closing.abort();
      clearTimeout(alarm);
      await running;
    },
  };
}

interface OutboxRow {
  id: string;
  subject: string;
  sealed: Buffer;
  not_before: number;
}
