// Whether the logs and the signed papers fit together: the same bytes left one party and reached the other, the paper in
// hand is the one that was logged, and there was one outcome.
import { fromBase64url, soleParty, type PartyId } from '@anonymesh/protocol';
import { opens, type CheckedPart } from '@anonymesh/evidence';
import type { Logs } from './logs.js';
import type { Papers, Word } from './papers.js';
import type { Receipt } from './receipt.js';
import { open, proven, wrong, type Statement } from './statement.js';

type Say = (statement: Statement) => void;
type Logged = CheckedPart['entries'][number];

export function fitLogs(
  { manifest, outcome }: Receipt,
  papers: Papers,
  words: readonly Word[],
  logs: Logs,
  say: Say,
): void {
  const { signed, asked } = papers;
  const aggregator = soleParty(signed.content, 'aggregator');
  const { requester } = asked.manifest;
  fitPaper(logs, requester, (each) => each.did === 'decided' && each.what === 'ask', manifest, 'the asking', say);
  fitPaper(logs, aggregator, (each) => each.did === 'decided' && each.what === 'outcome', outcome, 'the outcome', say);
  fitAdmission(logs, soleParty(signed.content, 'coordinator'), requester, say);
  const isSet = signed.content.kind === 'set';
  for (const { id: holder } of signed.content.holders) fitWord(logs, { holder, aggregator, isSet }, words, say);
}

/** The party's log has exactly one such entry, and it commits to that paper. */
function fitPaper(
  logs: Logs,
  party: PartyId,
  isIt: (entry: Logged) => boolean,
  paper: string | undefined,
  what: string,
  say: Say,
): void {
  if (!logs.has(party)) return;
  const [entry, ...others] = entriesOf(logs, party).filter(isIt);
  if (entry === undefined) return say(wrong('log', `the log of ${party} has no entry of ${what}`, party));
  if (others.length > 0) return say(wrong('log', `the log of ${party} has more than one entry of ${what}`, party));
  if (paper === undefined || entry.salt === undefined)
    return say(open('log', `whether ${party} logged this very paper of ${what} can no longer be shown`, party));
  const is = commitsTo(entry, paper) ? proven : wrong;
  say(is('log', `${party} logged ${what} at ${timeOf(entry)}${is === wrong ? ', but by another paper' : ''}`, party));
}

function fitAdmission(logs: Logs, coordinator: PartyId, requester: PartyId, say: Say): void {
  if (!logs.has(coordinator)) return;
  const asked = entriesOf(logs, coordinator).filter(({ did, what }) => did === 'received' && what === 'ask');
  const admitted = asked.find(
    (each) => each.did === 'received' && each.refused === undefined && each.party === requester,
  );
  if (admitted === undefined) say(wrong('log', `${coordinator} did not admit the query`, coordinator));
  else say(proven('log', `${coordinator} admitted the query at ${timeOf(admitted)}`, coordinator));
}

interface Between {
  readonly holder: PartyId;
  readonly aggregator: PartyId;
  readonly isSet: boolean;
}

/** What a holder sent is what the aggregator received, and what is in the receipt. */
function fitWord(logs: Logs, { holder, aggregator, isSet }: Between, words: readonly Word[], say: Say): void {
  const isWord = ({ what }: Logged) => what === 'answer' || what === 'refusal';
  const sent = entriesOf(logs, holder).filter((each) => each.did === 'sent' && isWord(each));
  const received = entriesOf(logs, aggregator).filter(
    (each) => each.did === 'received' && isWord(each) && each.party === holder && each.refused === undefined,
  );
  const word = words.find((each) => each.holder === holder);
  if (sent.length > 1)
    return say(wrong('answers', `the log of ${holder} has ${sent.length} words of it, not one`, holder));
  if (sent.length === 0 && isSet && fitTokens(logs, holder, aggregator, say)) return;
  if (logs.has(holder) && sent.length === 0) {
    const is = received.length === 0 ? proven : wrong;
    return say(is('answers', `the log of ${holder} has no word of it`, holder));
  }
  const [left, came] = [sent[0], received[0]];
  if (logs.has(holder) && logs.has(aggregator) && came === undefined)
    return say(open('answers', `${holder} sent its word at ${left && timeOf(left)}; it did not count`, holder));
  if (left !== undefined && came !== undefined) {
    const same = sealedOf(left) === sealedOf(came);
    const text = `${aggregator} received at ${timeOf(came)} ${same ? 'the bytes that' : 'other bytes than'} ${holder} sent`;
    say((same ? proven : wrong)('answers', text, holder));
  }
  if (came === undefined) return;
  if (word === undefined) return say(open('answers', `the word of ${holder} is not in the receipt`, holder));
  const logged = [left, came].flatMap((each) => (each?.salt === undefined ? [] : [each]));
  if (logged.some((each) => !commitsTo(each, word.jws)))
    say(wrong('answers', `the word of ${holder} in the receipt is not the one that was logged`, holder));
  else if (logged.length > 0) say(proven('answers', `the word of ${holder} is the one that was logged`, holder));
}

/** Of a set a holder's word is its tokens, which nobody keeps. Returns whether it sent any, as far as logs show. */
function fitTokens(logs: Logs, holder: PartyId, aggregator: PartyId, say: Say): boolean {
  const isTokens = (each: Logged) => each.what === 'tokens';
  const sent = entriesOf(logs, holder).filter((each) => each.did === 'sent' && isTokens(each));
  const came = entriesOf(logs, aggregator).filter(
    (each) => each.did === 'received' && isTokens(each) && each.party === holder,
  );
  const [left] = sent;
  if (left === undefined) return false;
  say(proven('answers', `${holder} answered: its first tokens left at ${timeOf(left)}`, holder));
  const received = new Set(came.map(sealedOf));
  if (!logs.has(aggregator) || logs.get(aggregator)?.until === undefined) return true;
  const same = sent.every((each) => received.has(sealedOf(each)));
  const text = same
    ? `${aggregator} received all that ${holder} sent`
    : `not all that ${holder} sent reached ${aggregator}`;
  say((same ? proven : open)('answers', text, holder));
  return true;
}

function entriesOf(logs: Logs, party: PartyId): Logged[] {
  return [...(logs.get(party)?.entries ?? [])];
}

function commitsTo({ words, salt }: Logged, paper: string): boolean {
  const commitment = fromBase64url(words);
  return commitment !== undefined && salt !== undefined && opens(commitment, salt, paper);
}

function sealedOf(entry: Logged): string | undefined {
  return entry.did === 'decided' ? undefined : entry.sealed;
}

function timeOf({ at }: Logged): string {
  return new Date(at).toISOString();
}
