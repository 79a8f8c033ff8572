// A unit of work: one transaction of the party's own store, and the messages that it causes. Either all of it happens,
// or nothing.
import { entering, type Draft } from '@anonymesh/evidence';
import { checkpoint, signLetter, type Message } from '@anonymesh/protocol';
import { loggable, noticed, type Log } from '@anonymesh/runtime';
import { together, type Store } from '@anonymesh/store';
import type { Knex } from 'knex';
import { allOf } from './all-of.js';
import type { Outgoing } from './backlog.js';
import type { Outbox } from './outbox.js';
import { canReceive, writeParcel, type Addressed, type Self, type WrittenParcel } from './parcel.js';

export interface Work {
  readonly transaction: Knex.Transaction;
  /**
   * Signs and seals a message that leaves once the transaction has been committed, not before `notBefore`. Nobody waits
   * for that: all of a transaction are signed at once, and it ends when they are. Nothing goes to a party without a valid
   * sealing key, or that says it is of a kind to which the message does not go, which is told in the log: its effect is
   * not undone, or a party whose keys ran out would hold up others.
   */
  post<Body>(message: Message<Body>, letter: Addressed<Body>, notBefore?: number): Posted;
  /** Enters into the party's log what it received or decided. What it posts is entered by itself. */
  enter(entry: Draft): void;
  /** Does something last in the transaction, once for each key, all at once: what letters of a batch have in common. */
  atEnd(key: string, effect: () => Promise<void>): void;
  /** Does something in this process once the transaction has been committed. Lost if the process is. */
  afterwards(effect: () => void): void;
}

export interface Posted {
  /** As they are signed. */
  readonly words: Promise<string>;
}

/** Letters about logs are in none: each would make the other grow, for ever. */
export function isLogged({ name }: Message): boolean {
  return name !== checkpoint.name;
}

export interface TransactParts {
  readonly self: Self;
  readonly store: Store;
  readonly outbox: Outbox;
  readonly log: Log;
}

/** Runs the effect in one transaction; its messages are written with it and published after it. */
export async function transact<Result>(
  { self, store, outbox, log }: TransactParts,
  effect: (work: Work) => Promise<Result>,
): Promise<Result> {
  const parcels: Promise<Outgoing>[] = [];
  const entries: (Draft | Promise<Draft>)[] = [];
  const last = new Map<string, () => Promise<void>>();
  const effects: (() => void)[] = [];
  const { done, outgoing } = await store.knex.transaction(async (transaction) => {
    const result = await effect({
      transaction,
      post: (message, letter, notBefore = Date.now()) => {
        const { to: party, queryId: query } = letter;
        if (!canReceive(self, message, party)) {
          log.warn('message.not-sealed', { message: loggable.code(message.name), to: loggable.partyId(party) });
          const signed = signLetter(message, { ...letter, from: self.id }, self.keyring.signing);
          return { words: noticed(signed.then(({ jws }) => jws)) };
        }
        const written = writeParcel(self, message, letter);
        parcels.push(noticed(written.then(({ id, subject, sealed }) => ({ id, subject, sealed, notBefore, query }))));
        const sent = ({ sealed, jws: words }: WrittenParcel) =>
          ({ did: 'sent', what: message.name, party, query, sealed, words }) as const;
        if (isLogged(message)) entries.push(noticed(written.then(sent)));
        return { words: noticed(written.then(({ jws }) => jws)) };
      },
      enter: (entry) => void entries.push(entry),
      atEnd: (key, each) => void (last.has(key) ? undefined : last.set(key, each)),
      afterwards: (each) => void effects.push(each),
    });
    await allOf([...last.values()].map((each) => each()));
    const signed = await allOf(parcels);
    await together([...entering(transaction, await allOf(entries)), ...outbox.writing(transaction, signed)]);
    return { done: result, outgoing: signed };
  });
  outbox.committed(outgoing);
  for (const each of effects) each();
  return done;
}
