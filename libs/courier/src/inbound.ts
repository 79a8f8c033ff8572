// What arrives: opened, verified, handled in batches of one transaction each, acknowledged after it. Redelivery finds the
// id among the handled and does nothing; a fault rolls back and the broker delivers again.
import { setTimeout as wait } from 'node:timers/promises';
import { Refusal, type Opened, type RefusalCode } from '@anonymesh/protocol';
import { loggable, type Log } from '@anonymesh/runtime';
import type { Knex } from 'knex';
import { openEarlyLetters } from './early-letters.js';
import { openLine, type Line } from './line.js';
import { Elsewhere, NotYet } from './not-yet.js';
import { allOf } from './all-of.js';
import type { Handled } from './measuring/stage-seconds.js';
import { nowAndThen } from './now-and-then.js';
import { openRoom } from './room.js';
import type { LetterEnd, Traces } from './tracing/traces.js';
import { isLogged, type Work } from './work.js';

/** Something that came over the broker. */
export interface Arrival {
  readonly subject: string;
  readonly data: Uint8Array;
  /** The broker's headers, as they stood on the line. Neither signed nor sealed: good for nothing but traces. */
  readonly headers: () => Uint8Array | undefined;
  /** How often it was delivered, from 1. */
  readonly attempt: number;
  /** Settles it for good: acknowledged, or for a request, answered. */
  settle(result: unknown, opened: Opened | undefined): Promise<void> | void;
  /** Gives it back, to be delivered again after some milliseconds. */
  giveBack(after: number, opened: Opened): Promise<void> | void;
  /** Whether a second delivery must have no effect; a request is answered each time. */
  readonly once: boolean;
}

export interface InboundParts {
  readonly open: (arrival: Arrival) => Opened | RefusalCode;
  readonly handle: (letter: Opened, work: Work) => Promise<unknown>;
  /** Whether letters of this message in one batch may be handled at once. */
  readonly together: (letter: Opened) => boolean;
  readonly transact: <Result>(effect: (work: Work) => Promise<Result>) => Promise<Result>;
  readonly refused: (code: RefusalCode) => void;
  /** Called with each letter that is settled: its message, and when it was signed. */
  readonly handled: Handled;
  readonly traces: Traces;
  readonly log: Log;
}

export interface Inbound {
  /** A request for which there is no room is dropped: who asks gets no answer, as when nobody is there. */
  take(arrival: Arrival): void;
  /** Resolves when so few letters wait that more can be taken, however many requests do. */
  hasRoom(): Promise<void>;
  /** Resolves when everything taken has been settled or given back. */
  drain(): Promise<void>;
}

type OpenedArrival = { readonly arrival: Arrival; readonly letter: Opened; readonly end: (end: LetterEnd) => void };

/** Of each line in one batch; waiting while there is room for more. */
const largestBatch = { letters: 100, bytes: 4 * 1024 * 1024 };
const mostLetters = { letters: 200, bytes: 4 * 1024 * 1024 };
/** On each subject: what is asked for at once is answered within a second or two. */
const mostRequests = { letters: 1000, bytes: 8 * 1024 * 1024 };
/** Milliseconds. */
const longestLinger = 50;
const busyWithin = 150;
const firstRetry = 250;
const slowestRetry = 60_000;
const slowestNotYet = 5000;
/** Every other time, with two copies, it comes to the right one. */
const elsewhereAfter = 300;

export function openInbound({
  open,
  handle,
  together,
  transact,
  refused,
  handled,
  traces,
  log,
}: InboundParts): Inbound {
  const letters = openLine<Arrival>();
  /**
   * By subject: who asks can send them faster than they are opened, and must not hold up our stream, nor another kind of
   * party that asks something else. Which party it is nobody knows before it is opened.
   */
  const requests = new Map<string, Line<Arrival>>();
  const lines = () => [letters, ...requests.values()];
  const isWaiting = () => lines().some(({ length }) => length > 0);
  const earlyLetters = openEarlyLetters();
  const room = openRoom();
  let running: Promise<void> | undefined;
  /** When the last batch was handled, and how long it took. */
  let last = { at: -Infinity, took: 0 };

  const run = async () => {
    // What arrives close together shares a transaction. When there is little to do, nobody waits; else as long as the last
    // batch took: the busier the machine, the larger the batches.
    const busy = performance.now() - last.at < busyWithin;
    await wait(busy ? Math.min(last.took, longestLinger) : 0);
    while (isWaiting()) {
      const batch = lines().flatMap((line) => line.shift(largestBatch));
      const began = performance.now();
      const opened = batch.flatMap((arrival) => openOrRefuse(arrival));
      if (opened.length > 0) await handleAll(opened);
      last = { at: performance.now(), took: performance.now() - began };
      room.made();
    }
  };

  function openOrRefuse(arrival: Arrival): OpenedArrival[] {
    const letter = openAny(arrival);
    if (typeof letter !== 'string') return [{ arrival, letter, end: traced(arrival, letter) }];
    refused(letter);
    log.warn('message.refused', { code: loggable.code(letter), bytes: arrival.data.length });
    void arrival.settle(new Refusal(letter), undefined);
    return [];
  }

  /** Whatever its opening stumbles over: a letter that is never settled comes again for ever, and its batch with it. */
  function openAny(arrival: Arrival): Opened | RefusalCode {
    try {
      return open(arrival);
    } catch (error) {
      log.fault('message.not-opened', error, { bytes: arrival.data.length });
      return 'malformed';
    }
  }

  function traced({ subject, attempt, headers }: Arrival, { id, from, queryId }: Opened): OpenedArrival['end'] {
    return traces.begin('receive', { letter: id, subject, from: from.id, attempt, headers, query: queryId });
  }

  async function handleAll(batch: readonly OpenedArrival[]): Promise<void> {
    try {
      await handleTogether(batch);
    } catch (error) {
      const [only, ...others] = batch;
      if (only !== undefined && others.length === 0) await giveBack(only, error);
      else for (const each of batch) await handleAll([each]); // one bad letter must not hold up the others
    }
  }

  async function handleTogether(batch: readonly OpenedArrival[]): Promise<void> {
    const results = await transact(async (work) => {
      const fresh = await markHandled(work.transaction, batch);
      const done: unknown[] = [];
      for (const some of runsOf(batch))
        done.push(...(await allOf(some.map((each) => (fresh(each) ? handleEntered(each, work) : undefined)))));
      const early = new Map<string, NotYet>();
      for (const [index, { letter }] of batch.entries()) {
        const result = done[index];
        if (result instanceof NotYet) early.set(letter.id, result);
      }
      if (early.size > 0)
        await work
          .transaction('handled')
          .whereIn('id', [...early.keys()])
          .delete();
      // A second copy of an early letter must not settle the first.
      return done.map((result, index) => early.get(batch[index]?.letter.id ?? '') ?? result);
    });
    await Promise.all(batch.map((each, index) => settle(each, results[index])));
  }

  /** A letter is in the log with what became of it, once it was handled; one that came too early is when it comes again. */
  async function handleEntered({ arrival, letter }: OpenedArrival, work: Work): Promise<unknown> {
    const result = await resultOf(letter, work);
    if (result instanceof NotYet) return result;
    const { message, from, queryId: query, jws: words } = letter;
    const refused = result instanceof Refusal ? result.code : undefined;
    if (isLogged(message))
      work.enter({ did: 'received', what: message.name, party: from.id, query, sealed: arrival.data, words, refused });
    return result;
  }

  /** In order: letters that are handled at once, as long as one follows the other, and each other letter by itself. */
  function runsOf(batch: readonly OpenedArrival[]): OpenedArrival[][] {
    const runs: OpenedArrival[][] = [];
    let open = false;
    for (const each of batch) {
      const joins = together(each.letter);
      if (open && joins) runs.at(-1)?.push(each);
      else runs.push([each]);
      open = joins;
    }
    return runs;
  }

  /** The effect is done: what goes wrong here is redelivered, and then finds it done. */
  async function settle(opened: OpenedArrival, result: unknown): Promise<void> {
    const { arrival, letter, end } = opened;
    end(result instanceof NotYet ? 'put-off' : 'settled');
    await orTell(opened, async () => {
      if (result instanceof Elsewhere) return arrival.giveBack(elsewhereAfter, letter);
      if (result instanceof NotYet) return arrival.giveBack(retryAfter(arrival, slowestNotYet), letter);
      await arrival.settle(result, letter);
      handled(letter.message.name, letter.issuedAt);
    });
  }

  /** A reply that cannot be signed, or sent, must not hold up the letters that came with it. */
  async function orTell({ letter }: OpenedArrival, act: () => Promise<void> | void): Promise<void> {
    try {
      await act();
    } catch (error) {
      log.fault('message.not-settled', error, fieldsOf(letter));
    }
  }

  /** A refusal is a result, and so is a letter that came too early: handlers throw them before they change anything. */
  async function resultOf(letter: Opened, work: Work): Promise<unknown> {
    try {
      const result = await handle(letter, work);
      earlyLetters.forget(letter);
      return result;
    } catch (error) {
      if (error instanceof Elsewhere) return error;
      if (error instanceof NotYet && earlyLetters.mayWait(letter)) return error;
      const refusal = error instanceof NotYet ? new Refusal('unavailable') : error;
      if (!(refusal instanceof Refusal)) throw refusal;
      earlyLetters.forget(letter);
      refused(refusal.code);
      log.warn('message.refused', { ...fieldsOf(letter), code: loggable.code(refusal.code) });
      return refusal;
    }
  }

  async function giveBack(opened: OpenedArrival, error: unknown): Promise<void> {
    const { arrival, letter, end } = opened;
    end('failed');
    log.fault('message.failed', error, { ...fieldsOf(letter), attempt: arrival.attempt });
    await orTell(opened, () => arrival.giveBack(retryAfter(arrival, slowestRetry), letter));
  }

  const start = () => {
    running ??= run()
      .catch((error: unknown) => log.fault('inbound.failed', error))
      .finally(() => {
        running = undefined;
        if (isWaiting()) start();
      });
  };

  const sayDropped = nowAndThen((times) => log.warn('requests.dropped', { times }));
  const take = (line: Line<Arrival>, arrival: Arrival) => {
    line.push(arrival);
    start();
  };
  const takeRequest = (arrival: Arrival) => {
    const line = requests.get(arrival.subject) ?? openLine<Arrival>();
    requests.set(arrival.subject, line);
    if (line.isWithin(mostRequests)) return take(line, arrival);
    refused('unavailable');
    sayDropped();
  };

  return {
    take: (arrival) => (arrival.once ? take(letters, arrival) : takeRequest(arrival)),
    hasRoom: () => room.wait(() => letters.isWithin(mostLetters)),
    drain: async () => {
      while (running !== undefined) await running;
    },
  };
}

function retryAfter({ attempt }: Arrival, slowest: number): number {
  return Math.min(slowest, firstRetry * 2 ** Math.min(attempt, 10));
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
