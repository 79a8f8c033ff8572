// What arrives: opened, verified, handled in batches of one transaction each, acknowledged after it. Redelivery finds the
// id among the handled and does nothing; a fault rolls back and the broker delivers again.
import { setTimeout as wait } from 'node:timers/promises';
import { Refusal, type Opened, type RefusalCode } from '@anonymesh/protocol';
import { loggable, type Log } from '@anonymesh/runtime';
import type { Knex } from 'knex';
import type { Work } from './work.js';

/** Something that came over the broker. */
export interface Arrival {
  readonly subject: string;
  readonly data: Uint8Array;
  /** How often it was delivered, from 1. */
  readonly attempt: number;
  /** Settles it for good: acknowledged, or for a request, answered. */
  settle(result: unknown, opened: Opened | undefined): void;
  /** Gives it back, to be delivered again after some milliseconds. */
  giveBack(after: number, opened: Opened): void;
  /** Whether a second delivery must have no effect; a request is answered each time. */
  readonly once: boolean;
}

export interface InboundParts {
  readonly open: (arrival: Arrival) => Opened | RefusalCode;
  readonly handle: (letter: Opened, work: Work) => Promise<unknown>;
  readonly transact: <Result>(effect: (work: Work) => Promise<Result>) => Promise<Result>;
  readonly refused: (code: RefusalCode) => void;
  readonly log: Log;
}

export interface Inbound {
  take(arrival: Arrival): void;
  /** Resolves when so little waits that more can be taken. */
  hasRoom(): Promise<void>;
  /** Resolves when everything taken has been settled or given back. */
  drain(): Promise<void>;
}

type OpenedArrival = { readonly arrival: Arrival; readonly letter: Opened };

const largestBatch = 100;
const mostWaiting = 200;
/** Milliseconds. */
const longestLinger = 50;
const busyWithin = 150;
const slowestRetry = 60_000;

export function openInbound({ open, handle, transact, refused, log }: InboundParts): Inbound {
  const queue: Arrival[] = [];
  let running: Promise<void> | undefined;
  let handled: Promise<void> | undefined;
  /** When the last batch was handled, and how long it took. */
  let last = { at: -Infinity, took: 0 };

  const run = async () => {
    // What arrives close together shares a transaction. When there is little to do, nobody waits; else as long as the last
    // batch took: the busier the machine, the larger the batches.
    const busy = performance.now() - last.at < busyWithin;
    await wait(busy ? Math.min(last.took, longestLinger) : 0);
    for (let batch = queue.splice(0, largestBatch); batch.length > 0; batch = queue.splice(0, largestBatch)) {
      const began = performance.now();
      const opened = batch.flatMap((arrival) => openOrRefuse(arrival));
      handled = opened.length > 0 ? handleAll(opened) : undefined;
      await handled;
      last = { at: performance.now(), took: performance.now() - began };
    }
  };

  function openOrRefuse(arrival: Arrival): OpenedArrival[] {
    const letter = open(arrival);
    if (typeof letter !== 'string') return [{ arrival, letter }];
    refused(letter);
    log.warn('message.refused', { code: loggable.code(letter), bytes: arrival.data.length });
    arrival.settle(new Refusal(letter), undefined);
    return [];
  }

  async function handleAll(batch: readonly OpenedArrival[]): Promise<void> {
    try {
      await handleTogether(batch);
    } catch (error) {
      const [only, ...others] = batch;
      if (only !== undefined && others.length === 0) giveBack(only, error);
      else for (const each of batch) await handleAll([each]); // one bad letter must not hold up the others
    }
  }

  async function handleTogether(batch: readonly OpenedArrival[]): Promise<void> {
    const results = await transact(async (work) => {
      const fresh = await markHandled(work.transaction, batch);
      const done: unknown[] = [];
      for (const each of batch) done.push(fresh(each) ? await resultOf(each.letter, work) : undefined);
      return done;
    });
    batch.forEach((each, index) => settle(each, results[index]));
  }

  /** The effect is done: what goes wrong here is redelivered, and then finds it done. */
  function settle({ arrival, letter }: OpenedArrival, result: unknown): void {
    try {
      arrival.settle(result, letter);
    } catch (error) {
      log.fault('message.not-settled', error, fieldsOf(letter));
    }
  }

  /** A refusal is a result: handlers refuse before they change anything. */
  async function resultOf(letter: Opened, work: Work): Promise<unknown> {
    try {
      return await handle(letter, work);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused(error.code);
      log.warn('message.refused', { ...fieldsOf(letter), code: loggable.code(error.code) });
      return error;
    }
  }

  function giveBack({ arrival, letter }: OpenedArrival, error: unknown): void {
    log.fault('message.failed', error, { ...fieldsOf(letter), attempt: arrival.attempt });
    arrival.giveBack(Math.min(slowestRetry, 250 * 2 ** Math.min(arrival.attempt, 10)), letter);
  }

  const start = () => {
    running ??= run()
      .catch((error: unknown) => log.fault('inbound.failed', error))
      .finally(() => {
        running = undefined;
        if (queue.length > 0) start();
      });
  };

  return {
    take: (arrival) => {
      queue.push(arrival);
      start();
    },
    hasRoom: async () => {
      while (queue.length > mostWaiting) await handled;
    },
    drain: async () => {
      while (running !== undefined) await running;
    },
  };
}

/** Writes down the ids of a batch, and tells which of its letters were not handled before. */
async function markHandled(transaction: Knex.Transaction, batch: readonly OpenedArrival[]) {
  const now = Date.now();
  const ids = [...new Set(batch.filter(({ arrival }) => arrival.once).map(({ letter }) => letter.id))];
  const rows = ids.map((id) => ({ id, handled_at: now }));
  const marked: { id: string }[] =
    rows.length === 0 ? [] : await transaction('handled').insert(rows).onConflict('id').ignore().returning('id');
  const fresh = new Set(marked.map(({ id }) => id));
  return ({ arrival, letter }: OpenedArrival) => !arrival.once || fresh.delete(letter.id);
}

function fieldsOf({ message, from, queryId }: Opened) {
  const about = queryId === undefined ? {} : { query: loggable.queryId(queryId) };
  return { message: loggable.code(message.name), from: loggable.partyId(from.id), ...about };
}
