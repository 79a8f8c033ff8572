// A unit of work: one transaction of the party's own store, and the messages that it causes. Either all of it happens,
// or nothing.
import type { Message } from '@anonymesh/protocol';
import type { Store } from '@anonymesh/store';
import type { Knex } from 'knex';
import { allOf } from './all-of.js';
import type { Outgoing } from './backlog.js';
import type { Outbox } from './outbox.js';
import { writeParcel, type Addressed, type Self } from './parcel.js';

export interface Work {
  readonly transaction: Knex.Transaction;
  /** Signs and seals a message that leaves once the transaction has been committed, not before `notBefore`. */
  post<Body>(message: Message<Body>, letter: Addressed<Body>, notBefore?: number): void;
  /** Does something last in the transaction, once for each key, all at once: what letters of a batch have in common. */
  atEnd(key: string, effect: () => Promise<void>): void;
  /** Does something in this process once the transaction has been committed. Lost if the process is. */
  afterwards(effect: () => void): void;
}

/** Runs the effect in one transaction; its messages are written with it and published after it. */
export async function transact<Result>(
  { self, store, outbox }: { readonly self: Self; readonly store: Store; readonly outbox: Outbox },
  effect: (work: Work) => Promise<Result>,
): Promise<Result> {
  const outgoing: Outgoing[] = [];
  const last = new Map<string, () => Promise<void>>();
  const effects: (() => void)[] = [];
  const done = await store.knex.transaction(async (transaction) => {
    const result = await effect({
      transaction,
      post: (message, letter, notBefore = 0) =>
        void outgoing.push({ ...writeParcel(self, message, letter), notBefore }),
      atEnd: (key, each) => void (last.has(key) ? undefined : last.set(key, each)),
      afterwards: (each) => void effects.push(each),
    });
    await allOf([...last.values()].map((each) => each()));
    await outbox.write(transaction, outgoing);
    return result;
  });
  outbox.committed(outgoing);
  for (const each of effects) each();
  return done;
}
