// Keeps the party's log: every second what was entered gets its place, and every so often a checkpoint is signed that
// binds all of it, and told to others; meanwhile what was counted is joined, so that few trees tell which queries the log
// is about. None of that is in the way of an effect.
import { checkpoint, openJoiner, place } from '@anonymesh/evidence';
import { atLeisure, goRounds, type Closer, type Log } from '@anonymesh/runtime';
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

  const placeAll = async () => {
    while ((await store.knex.transaction((transaction) => place(transaction))) > 0) continue;
  };
  const sign = async () => {
    const { name: origin, key } = ownName(self);
    await store.knex.transaction((transaction) => checkpoint(transaction, { origin, key }));
    signedAt = Date.now();
  };
  const failed = (error: unknown) => log.fault('evidence.not-kept', error);
  const every = Math.min(placeEvery, checkpointEvery);
  const keeping = goRounds({
    name: 'keeping',
    interval: every,
    first: 0,
    round: async () => {
      await placeAll();
      if (Date.now() - signedAt < checkpointEvery) return;
      await sign();
      await courier.transact((work) => tellOthers(work, self.id, trust));
    },
    failed,
  });
  const joining = atLeisure({
    name: 'joining',
    every,
    portion: openJoiner(store.knex),
    failed: (error) => log.fault('evidence.not-joined', error),
  });

  return {
    name: 'log',
    close: async () => {
      await Promise.all([joining.close(), keeping.close()]);
      // The broker's connection is closed before the log: what is signed last is told at the next start.
      await placeAll().then(sign).catch(failed);
    },
  };
}
