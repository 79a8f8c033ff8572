// What a subject can do: have the query under a reference explained, and wish to be checked anew. To wish one must be
// able to have the newest query explained: the reference alone is not enough, nor the identity alone.
import { deadlinesOf, embargoOf } from '@anonymesh/protocol';
import type { Trust } from '@anonymesh/trust';
import { Problem } from '@anonymesh/web';
import type { SlowGuessing, Somebody } from '../limiting/slow-guessing.js';
import { explainAppeal, type Appeal, type Embargoed, type Explained } from './explain.js';
import type { FailAlike } from './fail-alike.js';
import { isGuess } from './failure.js';
import type { Mesh } from './mesh.js';
import type { Found, Portal } from './verify-slip.js';

/** The token under which main provides them to Nest. */
export const APPEALS = Symbol('appeals');

export interface Told extends Explained {
  /** `asked`: the requester has been told, and has not asked anew yet. `under-way`: it has. */
  readonly recheck: 'possible' | 'asked' | 'under-way';
}

export interface Appeals {
  /** Throws the problem `not-yet` during the agreement's embargo. */
  explain(appeal: Appeal, somebody: Somebody): Promise<Told>;
  /** Throws the problem `already-asked` where a re-check is waited for. */
  askAnew(appeal: Appeal, somebody: Somebody): Promise<Told>;
}

export interface AppealsParts {
  readonly mesh: Mesh;
  readonly trust: Trust;
  readonly portal: Portal;
  readonly failAlike: FailAlike;
  readonly slow: SlowGuessing;
}

export function openAppeals({ mesh, trust, portal, failAlike, slow }: AppealsParts): Appeals {
  const explain: Appeals['explain'] = async (appeal, somebody) => {
    const tried = await slow.tryReference(somebody);
    const told = await failAlike<Told | Embargoed>(async () => {
      const explained = await explainAppeal(appeal, mesh, trust, portal);
      if (typeof explained !== 'string' || !isGuess(explained)) await tried.forget();
      if (typeof explained === 'string' || 'until' in explained) return explained;
      const newest = explained.askings.at(-1) ?? explained.query;
      if (newest !== explained.query && isOpen(newest, Date.now())) return { ...explained, recheck: 'under-way' };
      return { ...explained, recheck: (await mesh.isWished(newest.queryId)) ? 'asked' : 'possible' };
    });
    if ('until' in told) throw notYet(told.until);
    return told;
  };
  const askAnew: Appeals['askAnew'] = async (appeal, somebody) => {
    const told = await explain(appeal, somebody);
    if (told.recheck !== 'possible') throw alreadyAsked();
    const wished = await slow.wishRecheck(somebody);
    // Where the newest was taken back an older one is explained; the requester goes on from the newest.
    const { queryId, manifest, signed } = told.askings.at(-1) ?? told.query;
    const result = await mesh.wish(queryId, manifest.requester, signed);
    if (result !== 'sent') await wished.forget();
    if (result === 'already-sent') throw alreadyAsked();
    return failAlike(async () => (result === 'unavailable' ? result : { ...told, recheck: 'asked' }));
  };
  return { explain, askAnew };
}

/** Every query has ended at its deadline: one that has nothing to explain then was taken back, or has an embargo. */
function isOpen({ manifest, signed }: Found, now: number): boolean {
  const { answers, outcome } = deadlinesOf(manifest, signed.content);
  return now < (embargoOf(answers, signed.content) ?? outcome);
}

function alreadyAsked(): Problem {
  return new Problem('already-asked', 409, 'A re-check has been asked for already and has no outcome yet');
}

function notYet(until: number): Problem {
  const retryAfter = Math.max(1, Math.ceil((until - Date.now()) / 1000));
  return new Problem('not-yet', 409, 'The agreement lets this be explained later', { retryAfter });
}
