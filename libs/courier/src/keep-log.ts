// Keeps the party's log: every second what was entered gets its place, and every so often a checkpoint is signed that
// binds all of it, and told to others; meanwhile what was counted is joined, so that few trees tell which queries the log
// is about. None of that is in the way of an effect.
import { checkpoint, openJoiner, place } from '@anonymesh/evidence';
import { atLeisure, type Closer, type Log } from '@anonymesh/runtime';
import type { Trust } from '@anonymesh/trust';
import type { StoreCourier } from './courier.js';
import { ownName } from './witnessing/names.js';
import { tellOthers } from './witnessing/tell-others.js';

export interface Keeping {
  /** Milliseconds between checkpoints. */
  readonly checkpointEvery: number;
}

export interface LogKeeper {
  readonly courier: StoreCourier;
  readonly log: Log;
  readonly trust: Trust;
}

const placeEvery = 1000;

export function keepLog({ courier, log, trust }: LogKeeper, { checkpointEvery }: Keeping): Closer {
  const { store, self } = courier;
  let signedAt = Date.now();
  let closed = false;

  const placeAll = async () => {
    while ((await store.knex.transaction((transaction) => place(transaction))) > 0) continue;
  };
  const sign = async () => {
    const { name: origin, key } = ownName(self);
    await store.knex.transaction((transaction) => checkpoint(transaction, { origin, key }));
    signedAt = Date.now();
  };
  const round = async (last: boolean) => {
    try {
      await placeAll();
      if (!last && Date.now() - signedAt < checkpointEvery) return;
      await sign();
      // The broker's connection is closed before the log: what is signed last is told at the next start.
      if (!last) await courier.transact((work) => tellOthers(work, self.id, trust));
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
  const joining = atLeisure({
    name: 'joining',
    every: Math.min(placeEvery, checkpointEvery),
    portion: openJoiner(store.knex),
    failed: (error) => log.fault('evidence.not-joined', error),
  });

  return {
    name: 'log',
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await joining.close();
      await running;
      await round(true);
    },
  };
}
