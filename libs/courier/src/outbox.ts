// The outbox: parcels are written in the transaction of the effect that causes them and published after it, and again
// after a crash. The broker drops what it has already.
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '@anonymesh/runtime';
import { together, type Store } from '@anonymesh/store';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { Knex } from 'knex';
import { openBacklog, type Outgoing } from './backlog.js';
import { deletingParcels, insertingParcels, listParcels, readParcels } from './outbox-table.js';
import { nowAndThen } from './now-and-then.js';
import { publish } from './publish.js';
import { openRoom } from './room.js';
import type { Traces } from './tracing/traces.js';

export interface Outbox {
  /**
   * The statements by which the transaction of their cause writes parcels down, and forgets earlier ones that have been
   * published.
   */
  writing(transaction: Knex.Transaction, outgoing: readonly Outgoing[]): Knex.QueryBuilder[];
  /** After that transaction: publishes them as soon as they may leave. */
  committed(outgoing: readonly Outgoing[]): void;
  /** Takes up what an earlier process left. */
  recover(): Promise<void>;
  /** Resolves when little waits to be published, on the subject or on all; rejects when it is closed, or by the signal. */
  hasRoom(subject?: string, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** While fewer bytes wait there is room for more. */
const roomyBelow = 16 * 1024 * 1024;
/** Milliseconds: after which a failed publication is tried again; between looks at the table. */
const retryAfter = 1000;
const patrolEvery = 30_000;
const forgetAfter = 1000;
const mostForgotten = 500;

export function openOutbox(store: Store, jetstream: JetStreamClient, log: Log, traces: Traces): Outbox {
  const backlog = openBacklog();
  const room = openRoom();
  /** Published, and still in the table: forgotten by the next transaction, or when there is none for a while. */
  const published = new Set<string>();
  let running: Promise<void> | undefined;
  let alarm: NodeJS.Timeout | undefined;
  let forgetting: NodeJS.Timeout | undefined;
  const closing = new AbortController();
  const notPublished = nowAndThen((times, error: unknown, failed: number) =>
    log.fault('outbox.publish-failed', error, { failed, times }),
  );

  const recover = async () => {
    const { listed, complete } = await listParcels(store.knex, backlog.wanted());
    for (const ids of backlog.choose(listed.filter(({ id }) => !published.has(id)))) {
      backlog.take(await readParcels(store.knex, ids));
    }
    if (!complete) backlog.doubt();
    room.made();
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
    const next = backlog.next();
    if (closing.signal.aborted || next === Infinity) return;
    alarm = setTimeout(start, Math.max(0, next - Date.now()));
  };

  async function publishDue(): Promise<void> {
    while (!closing.signal.aborted) {
      const due = backlog.due();
      if (due.length === 0 && !backlog.lacks()) return;
      try {
        if (backlog.lacks()) await recover();
        await publishAll(due);
      } catch (error) {
        log.fault('outbox.failed', error, { bytes: backlog.bytes() });
        backlog.doubt();
        await wait(retryAfter, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  }

  async function publishAll(due: readonly Outgoing[]): Promise<void> {
    if (due.length === 0) return;
    const results = await Promise.allSettled(due.map((parcel) => publish(jetstream, parcel, traces)));
    const sent = new Set(due.filter((_, index) => results[index]?.status === 'fulfilled').map(({ id }) => id));
    for (const id of sent) published.add(id);
    forgetting ??= setTimeout(() => void forgetPublished(), forgetAfter).unref();
    backlog.settle(due, sent, Date.now() + retryAfter);
    room.made();
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) notPublished(failed.reason, due.length - sent.size);
  }

  /** Each id is given to one transaction. A row that outlives it is published again, and dropped by the broker. */
  function forgettingIn(knex: Knex): Knex.QueryBuilder[] {
    const ids = [...published].slice(0, mostForgotten);
    for (const id of ids) published.delete(id);
    return deletingParcels(knex, ids);
  }

  async function forgetPublished(): Promise<void> {
    forgetting = undefined;
    try {
      while (published.size > 0) await together(forgettingIn(store.knex));
    } catch (error) {
      log.fault('outbox.failed', error);
    }
  }

  // Another copy of this party may have died between commit and publication, and never come back.
  const patrol = setInterval(() => {
    backlog.doubt();
    start();
  }, patrolEvery);
  patrol.unref();

  return {
    writing: (transaction, outgoing) => [...forgettingIn(transaction), ...insertingParcels(transaction, outgoing)],
    committed: (outgoing) => {
      backlog.take(outgoing);
      start();
    },
    recover,
    hasRoom: (subject, signal) => room.wait(() => backlog.bytes(subject) < roomyBelow, signal),
    close: async () => {
      closing.abort();
      room.close();
      clearTimeout(alarm);
      clearInterval(patrol);
      clearTimeout(forgetting);
      await running;
      await forgetPublished();
    },
  };
}
