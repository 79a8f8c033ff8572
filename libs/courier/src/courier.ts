// The courier of one party: carries declared messages over the broker, signed, sealed, durable, each with its effect
// once. Apps say what to send and what to do; nothing else in the mesh touches the broker.
import {
  replyTo,
  Refusal,
  subjectOf,
  type Message,
  type PartyId,
  type QueryId,
  type RefusalCode,
} from '@anonymesh/protocol';
import { refusalCode } from '@anonymesh/protocol';
import type { Credentials, Log, Metrics } from '@anonymesh/runtime';
import { evidenceTables, runTables, witnessTables } from '@anonymesh/evidence';
import { standingTables } from '@anonymesh/standing';
import { migrate, type Migration, type Store } from '@anonymesh/store';
import { RequestError, TimeoutError, NoRespondersError } from '@nats-io/transport-node';
import { confirmedOrAway, connectParty, type ConnectedParty } from './broker/connect-party.js';
import { nowAndThen } from './now-and-then.js';
import { openOutbox } from './outbox.js';
import { canReceive, openParcel, writeParcel, type Addressed, type Self } from './parcel.js';
import { publish } from './publish.js';
import { courierTables } from './tables.js';
import { noTraces, type Traces } from './tracing/traces.js';
import { knownDirectoryTables } from './trusting/known-directory.js';
import { tellWhileWaiting } from './wellness/tell-while-waiting.js';
import { transact, type Work } from './work.js';

export interface CourierOptions {
  readonly self: Self;
  /** `nats://host:port`, one or several. */
  readonly servers: readonly string[];
  /** The party's secret broker nkey, as the bytes of its text. */
  readonly brokerSeed: Uint8Array;
  /** By which broker and party know each other; without it, the broker is on this machine and asks for none. */
  readonly tls?: Credentials | undefined;
  readonly log: Log;
  readonly metrics: Metrics;
  /** None, unless told. */
  readonly traces?: Traces;
}

export interface Courier {
  readonly self: Self;
  readonly party: ConnectedParty;
  /** By which the connection is secured. */
  readonly tls: Credentials | undefined;
  readonly refused: (code: RefusalCode) => void;
  readonly traces: Traces;
  /** Asks, and resolves to what was accepted or to the code of a refusal: `unavailable` where nobody answers in time. */
  request<Body, Reply>(
    message: Message<Body, Reply>,
    letter: Addressed<Body>,
    timeout?: number,
  ): Promise<{ readonly accepted: Reply } | { readonly refused: RefusalCode }>;
  /** Sends a durable message that no transaction causes, for parties that tests play; resolves when the broker has it. */
  send<Body>(message: Message<Body>, letter: Addressed<Body>): Promise<void>;
  close(): Promise<void>;
}

/** A courier with a store: what it sends and what it handles is one transaction with its cause. */
export interface StoreCourier extends Courier {
  readonly store: Store;
  transact<Result>(effect: (work: Work) => Promise<Result>): Promise<Result>;
  /**
   * Resolves when less than 16 MB waits to be published: to that party as that message where both are given, else to
   * all. Who sends thousands of chunks waits for it before each. Rejects when the courier is closed, or by the signal.
   */
  hasRoom(message?: Message, to?: PartyId, signal?: AbortSignal): Promise<void>;
}

/** Letters that answer a request are no older than this, in milliseconds. */
const freshReply = 60_000;

/** Without a store: every app has one (openStoreCourier), and a party that a test or a benchmark plays has none. */
export async function openCourier(options: CourierOptions): Promise<Courier> {
  const { self, servers, brokerSeed, tls, log, metrics, traces = noTraces } = options;
  const waiting = tellWhileWaiting({ servers, tls }, log);
  const refused = nowAndThen((times) => log.warn('broker.refused', { times }));
  const joining = { servers: [...servers], seed: brokerSeed, tls, id: self.id, refused };
  const party = await connectParty(joining).finally(waiting.end);
  const count = metrics.counter({
    name: 'anonymesh_messages_refused_total',
    help: 'Messages refused, by code',
    labels: { code: refusalCode.options },
  });
  return {
    self,
    party,
    tls,
    refused: (code) => count({ code }),
    traces,
    request: (message, letter, timeout = 5000) => ask({ self, party, traces }, message, letter, timeout),
    send: async (message, letter) => {
      const parcel = await writeParcel(self, message, letter);
      await publish(party.jetstream, { ...parcel, query: letter.queryId }, traces);
    },
    close: async () => {
      await confirmedOrAway(party.connection.drain());
      await party.connection.close();
    },
  };
}

/** Brings the store's tables up to date, the courier's own and the app's, and takes up what an earlier process left. */
export async function openStoreCourier(
  options: CourierOptions,
  store: Store,
  tables: readonly Migration[],
): Promise<StoreCourier> {
  const own = [courierTables, evidenceTables, witnessTables, runTables, knownDirectoryTables, ...standingTables];
  await migrate(store, [...own, ...tables]);
  const courier = await openCourier(options);
  const outbox = openOutbox(store, courier.party.jetstream, options.log, courier.traces);
  await outbox.recover();
  return {
    ...courier,
    store,
    hasRoom: async (message, to, signal) => {
      const isKnown = message !== undefined && to !== undefined && canReceive(options.self, message, to);
      const receiver = isKnown ? options.self.directory.parties.get(to) : undefined;
      await outbox.hasRoom(message && receiver && subjectOf(message, receiver), signal);
    },
    transact: (effect) => transact({ self: options.self, store, outbox, log: options.log }, effect),
    close: async () => {
      await outbox.close();
      await courier.close();
    },
  };
}

async function ask<Body, Reply>(
  { self, party, traces }: Pick<Courier, 'self' | 'party' | 'traces'>,
  message: Message<Body, Reply>,
  letter: Addressed<Body>,
  timeout: number,
): Promise<{ readonly accepted: Reply } | { readonly refused: RefusalCode }> {
  const { id, subject, sealed } = await writeParcel(self, message, letter);
  const end = traces.begin('request', { letter: id, subject, query: letter.queryId });
  try {
    const asked = party.connection.request(subject, sealed, { timeout, ...traces.inject(id) });
    void asked.then(
      () => end('answered'),
      () => end('failed'),
    );
    const { data } = await asked;
    const reply = replyTo(message);
    const opened = openParcel(self, data, replySubject(subject), {
      messages: [reply],
      maxAge: freshReply,
      answers: id,
    });
    // A reply that cannot be verified says nothing: to the caller it is none.
    if (typeof opened === 'string') return { refused: 'unavailable' };
    if (opened.from.id !== letter.to || opened.queryId !== letter.queryId) return { refused: 'unavailable' };
    return reply.body.parse(opened.body);
  } catch (error) {
    const silent = [TimeoutError, NoRespondersError, RequestError].some((kind) => error instanceof kind);
    if (silent) return { refused: 'unavailable' };
    throw error;
  }
}

/** What a reply is sealed for: the request's subject, so that no reply is taken for a request. */
export function replySubject(subject: string): string {
  return `${subject}#reply`;
}

/** The reply to a request, sealed to who asked. */
export async function writeReply(
  self: Self,
  request: Message,
  to: { readonly id: string; readonly from: PartyId; readonly queryId: QueryId | undefined },
  result: unknown,
): Promise<Uint8Array> {
  const asked = subjectOf(request, self);
  const body = result instanceof Refusal ? { refused: result.code } : { accepted: result };
  const letter = { to: to.from, queryId: to.queryId, answers: to.id, body };
  const reply = replyTo(request) as Message<typeof body>;
  return (await writeParcel(self, reply, letter, replySubject(asked))).sealed;
}
