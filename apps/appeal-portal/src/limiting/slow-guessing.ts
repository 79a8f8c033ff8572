// Slows down whoever guesses references, and whoever asks for re-checks without end: so many tries that explained nothing
// for an account and for an address, so many wishes for an account. Before any try it is looked at who tries, and never at
// what: to be turned away tells nothing about a reference.
import { Problem } from '@anonymesh/web';
import type { Store } from '@anonymesh/store';
import type { Limits } from './allowance.js';
import { countTry, type Counted, type Try } from './tries.js';
import type { Whose } from './whose.js';

export interface Somebody {
  /** The identity provider's id of the user. */
  readonly account: string;
  /** Where the request came from. */
  readonly address: string;
}

export interface SlowGuessing {
  /** Throws the problem `too-many-tries`. */
  tryReference(somebody: Somebody): Promise<Try>;
  /** Throws the problem `too-many-rechecks`. */
  wishRecheck(somebody: Somebody): Promise<Try>;
}

export function slowGuessing(store: Store, whose: Whose, limits: Limits): SlowGuessing {
  return {
    tryReference: ({ account, address }) => {
      const counted = [
        { whose: whose('account', account), allowance: limits.account },
        { whose: whose('address', address), allowance: limits.address },
      ];
      return orTurnAway(store, counted, 'too-many-tries', 'Too many tries that explained nothing: try again later');
    },
    wishRecheck: ({ account }) => {
      const counted = [{ whose: whose('rechecks', account), allowance: limits.rechecks }];
      return orTurnAway(store, counted, 'too-many-rechecks', 'Too many re-checks were asked for: try again later');
    },
  };
}

async function orTurnAway(store: Store, counted: readonly Counted[], code: string, title: string): Promise<Try> {
  const now = Date.now();
  const tried = await countTry(store, counted, now);
  if ('forget' in tried) return tried;
  throw new Problem(code, 429, title, { retryAfter: Math.ceil((tried.againAt - now) / 1000) });
}
