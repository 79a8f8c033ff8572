// Whether what the coordinator relayed is the outcome of this query, in a word that fits what was asked.
import type { RefusalCode } from '@anonymesh/protocol';
import { outcome, type OutcomeWord } from '@anonymesh/protocol-outcome';
import type { SignedAgreement } from '@anonymesh/trust';
import type { Ending, Query } from '../store/queries.js';
import { openRelayed, type About } from './open-relayed.js';
import type { Receiver } from './open-sealed.js';

const words: Record<'check' | 'set', readonly OutcomeWord[]> = {
  check: ['clear', 'concern', 'refer', 'retracted'],
  set: ['released', 'refer', 'retracted'],
};

export function verifyOutcome(
  sealed: string,
  query: About & Pick<Query, 'state'>,
  signed: SignedAgreement,
  self: Receiver,
  now: number,
): Ending | RefusalCode {
  const opened = openRelayed(sealed, outcome, query, signed, self, now);
  if (typeof opened === 'string') return opened;
  const { content } = signed;
  const { body, jws } = opened;
  if (body.holders !== content.holders.length || body.answered > body.holders) return 'query-differs';
  if (!words[content.kind].includes(body.outcome)) return 'query-differs';
  // Nobody but we can take a query of ours back.
  if (body.outcome === 'retracted' && ['asking', 'waiting'].includes(query.state)) return 'query-differs';
  const { answered, code, people = null } = body;
  return { answered, outcome: body.outcome, code, people, outcome_signed: jws };
}
