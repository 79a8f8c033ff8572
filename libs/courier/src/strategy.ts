// Nest's transport over the courier: a controller's `@MessagePattern(message.name)` receives that message. A party's
// controllers are therefore the list of all that can reach it.
import { setTimeout as wait } from 'node:timers/promises';
import { longestKept, Refusal, subjectOf, type Message, type Opened } from '@anonymesh/protocol';
import type { Log } from '@anonymesh/runtime';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { JetStreamError, type ConsumerMessages, type FetchOptions, type JsMsg } from '@nats-io/jetstream';
import type { Msg, Subscription } from '@nats-io/transport-node';
import { lastValueFrom } from 'rxjs';
import { confirmedOrAway, ownConsumer, type OwnConsumer } from './broker/connect-party.js';
import { writeReply, type StoreCourier } from './courier.js';
import { openInbound, type Arrival, type Inbound } from './inbound.js';
import { nowAndThen } from './now-and-then.js';
import { openParcel } from './parcel.js';
import type { Handled } from './measuring/stage-seconds.js';
import { rawHeaders } from './tracing/raw-headers.js';
import type { Work } from './work.js';

/** Requests are answered at once or not at all. */
const oldestRequest = 60_000;
const mostFetched = { max_bytes: 4 * 1024 * 1024 };
/** Asking by bytes, the client asks for no more messages than this, and waits for others when it has them. */
const messagesFetched = 100;
/** Milliseconds that a fetch lives, and after which one that has not ended by itself is ended: it went with a broker. */
const fetchExpires = 5000;
const fetchOverdue = 6000;
const fetchPause = 500;

export class CourierStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('anonymesh-courier');
  readonly #courier: StoreCourier;
  readonly #messages: readonly Message[];
  readonly #inbound: Inbound;
  readonly #subscriptions: Subscription[] = [];
  readonly #log: Log;
  #fetching: ConsumerMessages | undefined;
  #taking: Promise<void> | undefined;
  #closing = false;

  /** `messages`: every message that this party's controllers take. */
  constructor(courier: StoreCourier, messages: readonly Message[], log: Log, handled: Handled = () => undefined) {
    super();
    this.#courier = courier;
    this.#messages = messages;
    this.#log = log;
    const bySubject = Map.groupBy(messages, (message) => subjectOf(message, courier.self));
    this.#inbound = openInbound({
      log,
      open: ({ subject, data, once }) =>
        openParcel(courier.self, data, subject, {
          messages: bySubject.get(subject) ?? [],
          maxAge: once ? longestKept : oldestRequest,
        }),
      handle: (letter, work) => this.#handle(letter, work),
      together: ({ message }) => this.messageHandlers.get(message.name)?.extras?.['together'] === true,
      transact: (effect) => courier.transact(effect),
      refused: courier.refused,
      handled,
      traces: courier.traces,
    });
  }

  async listen(started: (error?: unknown) => void): Promise<void> {
    try {
      this.#requireHandlers();
      const { party, self } = this.#courier;
      for (const message of this.#messages.filter(({ carried }) => carried === 'reply')) this.#subscribe(message);
      // Until the broker has heard of it, whoever asks is told that nobody is there.
      await party.connection.flush();
      if (this.#messages.some(({ carried }) => carried === 'stream')) {
        this.#taking = this.#takeAll(await ownConsumer(party, self.kind));
      }
      started();
    } catch (error) {
      started(error);
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#fetching?.close();
    await this.#taking;
    await confirmedOrAway(Promise.all(this.#subscriptions.map((each) => each.drain())));
    await this.#inbound.drain();
  }

  override on(): void {
    throw new Error('the courier has no events: see its log');
  }

  override unwrap<T>(): T {
    return this.#courier as T;
  }

  /** A message without a controller would be lost, and a controller without a message never be called. */
  #requireHandlers(): void {
    const declared = this.#messages.map(({ name }) => name).sort();
    const handled = [...this.messageHandlers.keys()].sort();
    if (declared.join() !== handled.join()) throw new Error(`declared: ${declared.join()}; handled: ${handled.join()}`);
  }

  async #handle(letter: Opened, work: Work): Promise<unknown> {
    // Not by Nest's own search: it tries to parse the name as JSON first, and an exception costs more than a signature.
    const handler = this.messageHandlers.get(letter.message.name);
    if (handler === undefined) throw new Error(`nothing handles ${letter.message.name}`);
    return lastValueFrom(this.transformToObservable(await handler(letter, work)), { defaultValue: undefined });
  }

  /** Fetches batch after batch, also across restarts of the broker. */
  async #takeAll(consumer: OwnConsumer): Promise<void> {
    let limit: FetchOptions = mostFetched;
    const failed = nowAndThen((times, error) => this.#log.fault('courier.fetch-failed', error, { times }));
    while (!this.#closing) {
      try {
        await this.#inbound.hasRoom();
        const taken = await this.#takeSome(consumer, limit);
        // A message that is larger than all that is fetched at once would otherwise hold up those behind it for ever.
        limit = taken === 'next-is-larger' ? { max_messages: 1 } : mostFetched;
      } catch (error) {
        if (this.#closing) return;
        failed(error);
        await wait(fetchPause);
      }
    }
  }

  async #takeSome(consumer: OwnConsumer, limit: FetchOptions): Promise<'done' | 'next-is-larger'> {
    let taken = 0;
    try {
      const fetching = await consumer.fetch({ ...limit, expires: fetchExpires });
      this.#fetching = fetching;
      // Where the broker is back before its streams are, the client loses count of a fetch, and would wait without end.
      let isOverdue = false;
      const overdue = setTimeout(() => {
        isOverdue = true;
        void fetching.close();
      }, fetchOverdue);
      try {
        for await (const message of fetching) {
          this.#inbound.take(durable(message));
          taken += 1;
          // To the server an empty message ends the stream of replies to a fetch: one would silence us until it expires.
          if (message.data.length === 0 || taken === messagesFetched) break;
        }
      } finally {
        clearTimeout(overdue);
      }
      // Which of the two sees first that the broker is away, the client or this, is chance: both are told.
      if (isOverdue && taken === 0) throw new Error('the broker has not ended a fetch');
    } catch (error) {
      const isFull = error instanceof JetStreamError && error.message === 'message size exceeds maxbytes';
      if (!isFull) throw error;
      if (taken === 0) return 'next-is-larger';
    }
    return 'done';
  }

  #subscribe(request: Message): void {
    const { party, self } = this.#courier;
    const callback = (error: Error | null, message: Msg) => {
      if (error !== null) return;
      // Somebody's doctor tries whether it may ask: it is told that there is somebody, and nothing is counted.
      if (message.data.length === 0) message.respond();
      else this.#inbound.take(this.#requested(request, message));
    };
    this.#subscriptions.push(party.connection.subscribe(subjectOf(request, self), { queue: self.id, callback }));
  }

  /** A request from somebody who could not be verified is not answered. */
  #requested(request: Message, message: Msg): Arrival {
    const answer = async ({ id, from, queryId }: Opened, result: unknown) => {
      const to = { id, from: from.id, queryId };
      message.respond(await writeReply(this.#courier.self, request, to, result));
    };
    return {
      subject: message.subject,
      data: message.data,
      headers: () => rawHeaders(message),
      attempt: 1,
      once: false,
      settle: (result, opened) => (opened === undefined ? undefined : answer(opened, result)),
      giveBack: (_after, opened) => answer(opened, new Refusal('unavailable')),
    };
  }
}

function durable(message: JsMsg): Arrival {
  return {
    subject: message.subject,
    data: message.data,
    headers: () => rawHeaders(message),
    attempt: message.info.deliveryCount,
    once: true,
    settle: () => message.ack(),
    giveBack: (after) => message.nak(after),
  };
}
