// The signed papers of a query: the agreement that was in force, the manifest by which it was asked, the words of the
// holders, the outcome. Keys that have been retired since still prove what they signed.
import {
  agreementHashOf,
  openSigned,
  soleParty,
  verifyManifest,
  type Agreement,
  type BodyOf,
  type Message,
  type Opened,
  type PartyKind,
  type VerifiedManifest,
} from '@anonymesh/protocol';
import { answer, refusal } from '@anonymesh/protocol-answering';
import { outcome } from '@anonymesh/protocol-outcome';
import { checkAgreement, type Directory, type SignedAgreement } from '@anonymesh/trust';
import type { Receipt } from './receipt.js';
import { open, proven, wrong, type Statement } from './statement.js';

export interface Papers {
  readonly signed: SignedAgreement;
  readonly asked: VerifiedManifest;
}

export type Word = { readonly holder: string; readonly jws: string } & (
  | { readonly kind: 'answer'; readonly body: BodyOf<typeof answer> }
  | { readonly kind: 'refusal'; readonly body: BodyOf<typeof refusal> }
);

type Say = (statement: Statement) => void;

/** Which agreement was in force and who asked; undefined where the papers do not say. */
export function readPapers(
  { query, agreement, manifest }: Receipt,
  directory: Directory,
  say: Say,
): Papers | undefined {
  if (agreement === undefined || manifest === undefined) {
    say(open('agreement', 'the agreement and the manifest are not in the receipt'));
    return undefined;
  }
  const signed = checkAgreement(agreement.content, agreement.signatures, directory);
  const { content } = signed;
  const title = `${content.id}, version ${content.version}`;
  const asked = verifyManifest(manifest, directory.pastSigner);
  if (typeof asked === 'string' || asked.queryId !== query || asked.manifest.agreement !== agreementHashOf(content)) {
    say(wrong('asking', 'the manifest is not that of this query under this agreement, signed by its requester'));
    return undefined;
  }
  const { issuedAt, requester, role } = asked.manifest;
  if (signed.unsigned.length > 0) say(wrong('agreement', `${title} is not signed by ${signed.unsigned.join(', ')}`));
  else if (!isValidOn(content.validity, issuedAt))
    say(wrong('agreement', `${title} was not valid when the query was asked`));
  else say(proven('agreement', `${title} was signed by all of its parties, and valid`));
  say(proven('agreement', combinationOf(content)));
  const may = content.askers.some((each) => each.requester === requester && each.roles.includes(role));
  const when = new Date(issuedAt).toISOString();
  if (!may || !signed.isParty(asked.requester)) say(wrong('asking', `${requester} may not ask as ${role}`, requester));
  else say(proven('asking', `${requester} asked as ${role} at ${when}`, requester));
  return { signed, asked };
}

/** The holders' words, one of each at most. */
export function readWords({ words }: Receipt, papers: Papers, directory: Directory, say: Say): Word[] {
  const { signed, asked } = papers;
  const to = { id: soleParty(signed.content, 'aggregator'), kind: 'aggregator' } as const;
  const read: Word[] = [];
  for (const jws of words) {
    const opened = readLetter([answer, refusal], jws, to, directory);
    const holder = opened?.from.id ?? '';
    const fits = opened?.queryId === asked.queryId && (opened.body as Word['body']).agreement === signed.hash;
    const isHolder = signed.content.holders.some(({ id }) => id === holder);
    if (opened === undefined || !fits || !isHolder || !signed.isParty(opened.from))
      say(wrong('answers', 'a word is not one of a holder of this agreement on this query'));
    else if (read.some((each) => each.holder === holder)) say(wrong('answers', `two words of ${holder}`, holder));
    else read.push({ kind: opened.message.name, holder, jws, body: opened.body } as Word);
  }
  for (const { holder, kind } of read)
    say(proven('answers', kind === 'answer' ? `${holder} answered` : `${holder} refused`, holder));
  return read;
}

export function readOutcome(
  { outcome: jws }: Receipt,
  { signed, asked }: Papers,
  directory: Directory,
  say: Say,
): BodyOf<typeof outcome> | undefined {
  if (jws === undefined) {
    say(open('outcome', 'the outcome is not in the receipt'));
    return undefined;
  }
  const to = { id: asked.manifest.requester, kind: 'requester' } as const;
  const opened = readLetter([outcome], jws, to, directory) as Opened<BodyOf<typeof outcome>> | undefined;
  const aggregator = soleParty(signed.content, 'aggregator');
  const isIts = opened?.from.id === aggregator && signed.isParty(opened.from) && opened.queryId === asked.queryId;
  if (!isIts || opened.body.agreement !== signed.hash || opened.body.holders !== signed.content.holders.length) {
    say(wrong('outcome', 'the outcome is not that of this query, signed by its aggregator', aggregator));
    return undefined;
  }
  const { outcome: word, answered, holders } = opened.body;
  say(proven('outcome', `${aggregator} signed: ${word}, ${answered} of ${holders} answered`, aggregator));
  return opened.body;
}

function combinationOf({ kind, combination }: Agreement): string {
  const many = typeof combination === 'object' ? `at least ${combination.atLeast}` : combination;
  return kind === 'check'
    ? `it combines flags: a concern where ${many} of the holders have one`
    : `it combines sets: people whom ${many} of the holders have`;
}

/** Days count in UTC, the last one included. */
function isValidOn({ from, until }: SignedAgreement['content']['validity'], at: number): boolean {
  const day = new Date(at).toISOString().slice(0, 10);
  return from <= day && day <= until;
}

export function readLetter(
  messages: readonly Message[],
  jws: string,
  self: { readonly id: string; readonly kind: PartyKind },
  directory: Directory,
): Opened | undefined {
  const expected = { messages, self, signer: directory.pastSigner, now: Date.now(), maxAge: Infinity };
  const opened = openSigned(jws, undefined, { ...expected, enclosureErased: true });
  return typeof opened === 'string' ? undefined : opened;
}
