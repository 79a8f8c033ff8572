// The audit: do the holders' signed answers and explanations give the outcome that the aggregator signed? It adds the
// masked flags up again. An aggregator that changes an outcome, leaves a holder out or mixes queries is found here; pure,
// so that anybody with the same bytes finds the same.
import { combine, conclude } from '@anonymesh/blind';
import {
  openSigned,
  soleParty,
  wasRevoked,
  type BodyOf,
  type Message,
  type Opened,
  type PartyKind,
  type ReplyOf,
} from '@anonymesh/protocol';
import { answer, openExplanation, type explain, type Explanation } from '@anonymesh/protocol-answering';
import { outcome, type OutcomeWord } from '@anonymesh/protocol-outcome';
import type { FailureCode } from './failure.js';
import { samePerson, type Found, type Portal } from './verify-slip.js';

export interface Audited {
  readonly outcome: OutcomeWord;
  /** One for each holder that answered. */
  readonly explanations: readonly (Explanation & { readonly holder: string })[];
}

type Reply = ReplyOf<typeof explain>;
type Outcome = BodyOf<typeof outcome>;
interface Word {
  readonly masked: Uint8Array;
  readonly check: Uint8Array;
  readonly explanation: Audited['explanations'][number];
}

export function audit(found: Found, reply: Reply, portal: Portal): Audited | FailureCode {
  const decided = readOutcome(found, reply.outcome, portal);
  if (typeof decided === 'string') return decided;
  const words: Word[] = [];
  for (const each of reply.answers) {
    const word = readWord(found, each, portal);
    if (typeof word === 'string') return word;
    words.push(word);
  }
  const explanations = words.map(({ explanation }) => explanation);
  if (new Set(explanations.map(({ holder }) => holder)).size !== words.length) return 'answer-differs';
  if (words.length !== decided.answered) return 'answers-missing';
  return contradiction(decided, words, found) ?? { outcome: decided.outcome, explanations };
}

function readOutcome(found: Found, jws: string, portal: Portal): Outcome | FailureCode {
  const { signed, manifest, queryId } = found;
  const to = { id: manifest.requester, kind: 'requester' } as const;
  const opened = readLetter(outcome, jws, undefined, to, portal);
  if (opened === undefined) return 'outcome-refused';
  const isOurs = opened.from.id === soleParty(signed.content, 'aggregator') && signed.isParty(opened.from);
  const { body } = opened;
  const fits = opened.queryId === queryId && body.agreement === signed.hash;
  return isOurs && fits && body.holders === signed.content.holders.length ? body : 'outcome-differs';
}

function readWord(found: Found, given: Reply['answers'][number], portal: Portal): Word | FailureCode {
  const { signed, queryId, queryKey, person } = found;
  const to = { id: soleParty(signed.content, 'aggregator'), kind: 'aggregator' } as const;
  const opened = readLetter(answer, given.signed, given.explanation, to, portal);
  if (opened === undefined) return 'answer-refused';
  const { from, body } = opened;
  const isHolder = signed.content.holders.some(({ id }) => id === from.id) && signed.isParty(from);
  if (!isHolder || opened.queryId !== queryId || body.agreement !== signed.hash) return 'answer-differs';
  const keyOfHolder = (kid: string) => {
    const signer = portal.directory.pastSigner(kid);
    const isTheirs = signer?.id === from.id && signer.identity === from.identity;
    return isTheirs && !wasRevoked(signer, opened.issuedAt) ? signer.key : undefined;
  };
  const binding = { queryId, agreement: signed.hash, holder: from.id, portal: portal.id };
  const own = { queryKey, portal: portal.sealing };
  const explanation = openExplanation(given.explanation, own, keyOfHolder, binding);
  if (explanation === undefined) return 'explanation-not-opened';
  if (!samePerson(explanation.subjectKey, person.reveal())) return 'explanation-of-another-person';
  const [masked, check] = [body.masked, body.check].map((text) => Buffer.from(text, 'base64url')) as [Buffer, Buffer];
  return { masked, check, explanation: { ...explanation, holder: from.id } };
}

/** Keys that have been retired since still prove what they signed, and nothing is too old to be explained. */
function readLetter<Body>(
  message: Message<Body>,
  jws: string,
  enclosure: string | undefined,
  self: { readonly id: string; readonly kind: PartyKind },
  { directory }: Portal,
): Opened<Body> | undefined {
  const signer = directory.pastSigner;
  const opened = openSigned(jws, enclosure, { messages: [message], self, signer, now: Date.now(), maxAge: Infinity });
  return typeof opened === 'string' ? undefined : (opened as Opened<Body>);
}

/** How the words contradict the outcome, if they do. A sum says nothing while a holder's part of it is missing. */
function contradiction(decided: Outcome, words: readonly Word[], { signed }: Found): FailureCode | undefined {
  const { combination, holders } = signed.content;
  // An outcome that is not `refer` for want of an answer does not fit its schema.
  if (words.length < holders.length) return undefined;
  const combined = combine(words, holders.length, combination);
  if ('refer' in combined) return decided.code === 'answers-disagree' ? undefined : 'masks-do-not-conclude';
  if (combined.outcome !== decided.outcome) return 'masks-do-not-conclude';
  const flags = words.map(({ explanation }) => explanation.concern);
  return conclude(flags, combination) === decided.outcome ? undefined : 'flags-do-not-conclude';
}
