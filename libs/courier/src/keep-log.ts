// Keeps the party's log: every second what was entered gets its place, and every so often a checkpoint is signed that
// binds all of it. None of that is in the way of an effect.
import { checkpoint, originOf, place } from '@anonymesh/evidence';
import type { Closer, Log } from '@anonymesh/runtime';
import type { StoreCourier } from './courier.js';

export interface Keeping {
  /** Milliseconds between checkpoints. */
  readonly checkpointEvery: number;
}

const placeEvery = 1000;

export function keepLog({ store, self }: StoreCourier, log: Log, { checkpointEvery }: Keeping): Closer {
  const identity = self.directory.parties.get(self.id)?.fingerprint;
  let signedAt = Date.now();
  let closed = false;

  const placeAll = async () => {
    while ((await store.knex.transaction((transaction) => place(transaction))) > 0) continue;
  };
  const sign = async () => {
    if (identity === undefined) return log.warn('evidence.no-identity');
    const key = { origin: originOf(self.id, identity), key: self.keyring.signing.key };
    await store.knex.transaction((transaction) => checkpoint(transaction, key));
    signedAt = Date.now();
  };
  const round = async (last: boolean) => {
    try {
      await placeAll();
      if (last || Date.now() - signedAt >= checkpointEvery) await sign();
    } catch (error) {
      log.fault('evidence.not-kept', error);
    }
  };

  const next = () => {
    running = round(false).finally(() => {
      if (!closed) timer = setTimeout(next, Math.min(placeEvery, checkpointEvery));
    });
  };
  let running = Promise.resolve();
  let timer = setTimeout(next, 0);

  return {
    name: 'log',
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
      await round(true);
    },
  };
}
