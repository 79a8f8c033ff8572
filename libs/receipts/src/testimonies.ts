// The testimonies of a receipt: that there is one of every holder and of the aggregator, everybody can see; what they say,
// the auditor whom the agreement names.
import {
  looksLikeTestimony,
  sha256Of,
  soleParty,
  thumbprint,
  witnessesOf,
  type BodyOf,
  type Opened,
  type PartyId,
  type PrivateKey,
} from '@anonymesh/protocol';
import { openTestimony, originOf, readCheckpoint, type OpenedTestimony, type Part } from '@anonymesh/evidence';
import { receipt } from '@anonymesh/protocol-outcome';
import type { Directory } from '@anonymesh/trust';
import { readLetter, type Papers } from './papers.js';
import type { Receipt } from './receipt.js';
import { open, proven, wrong, type Statement } from './statement.js';

/** What was in them, beside what the receipt shows in the open. */
export interface Testified {
  readonly words: readonly string[];
  readonly parts: readonly Part[];
}

type Say = (statement: Statement) => void;

const nothing: Testified = { words: [], parts: [] };

export function readTestimonies(
  whole: Receipt,
  papers: Papers,
  directory: Directory,
  say: Say,
  key?: PrivateKey,
): Testified {
  const { auditor } = papers.signed.content;
  const { testimonies } = whole;
  if (auditor === undefined) {
    if (testimonies !== undefined) say(wrong('answers', 'there are testimonies, and the agreement names no auditor'));
    return nothing;
  }
  if (testimonies === undefined) {
    if (!hasAllLogs(whole, papers))
      say(open('answers', 'the testimonies of the holders and of the aggregator are not in the receipt'));
    return nothing;
  }
  if (!areHandedOver(whole, papers, directory, say)) return nothing;
  if (key === undefined) {
    say(open('answers', `what each holder answered, and its log, is sealed to the auditor, ${auditor.name}`));
    return nothing;
  }
  if (key.kid !== thumbprint('X25519', Buffer.from(auditor.sealing, 'base64url'))) {
    say(wrong('answers', `this key is not that of the auditor whom the agreement names, ${auditor.name}`));
    return nothing;
  }
  return openAll(testimonies.sealed, key, papers, directory, say);
}

/** Whoever has all their shares needs no testimony. */
function hasAllLogs({ parts }: Receipt, { signed }: Papers): boolean {
  const shown = new Set(parts.map(({ checkpoint }) => readCheckpoint(checkpoint)?.origin));
  return witnessesOf(signed.content).every((id) => shown.has(originOf(id, signed.pinned(id)?.fingerprint ?? '')));
}

/** One of each witness, in their order, as the aggregator signed for them. */
function areHandedOver(
  { testimonies, query }: Receipt,
  { signed, asked }: Papers,
  directory: Directory,
  say: Say,
): boolean {
  const { content, hash } = signed;
  const aggregator = soleParty(content, 'aggregator');
  const { signed: jws = '', sealed = [] } = testimonies ?? {};
  const to = { id: asked.manifest.requester, kind: 'requester' } as const;
  const letter = readLetter([receipt], jws, to, directory) as Opened<BodyOf<typeof receipt>> | undefined;
  const isIts = letter?.from.id === aggregator && signed.isParty(letter.from) && letter.queryId === query;
  if (!isIts || letter.body.agreement !== hash) {
    say(wrong('answers', 'the testimonies are not about this query, handed over by its aggregator', aggregator));
    return false;
  }
  const witnesses = witnessesOf(content);
  const areThose = sealed.map(sha256Of).join() === letter.body.testimonies.join();
  const isOneOfEach = witnesses.every((party, index) => looksLikeTestimony(sealed[index] ?? '', query, content, party));
  if (!areThose || !isOneOfEach || sealed.length !== witnesses.length) {
    say(wrong('answers', `the testimonies are not the ones that ${aggregator} handed over`, aggregator));
    return false;
  }
  const when = new Date(letter.issuedAt).toISOString();
  const whose = `of each of the ${content.holders.length} holders, and its own`;
  say(proven('answers', `${aggregator} handed over a sealed testimony ${whose}, at ${when}`, aggregator));
  return true;
}

function openAll(
  sealed: readonly string[],
  auditor: PrivateKey,
  { signed, asked }: Papers,
  directory: Directory,
  say: Say,
): Testified {
  const opened = new Map<PartyId, OpenedTestimony>();
  const empty: PartyId[] = [];
  const opening = { auditor, query: asked.queryId, agreement: signed, signer: directory.pastSigner };
  witnessesOf(signed.content).forEach((party, index) => {
    const said = openTestimony(sealed[index] ?? '', { ...opening, party });
    if (said === 'nothing') empty.push(party);
    else if (said === 'sealed')
      say(wrong('answers', `the testimony of ${party} does not open: it is sealed to another key, or spoilt`, party));
    else if (said === 'forged' || !signed.isParty(said.by))
      say(wrong('answers', `the testimony of ${party} is not signed by it, or not about this query`, party));
    else if (
      said.part !== undefined &&
      readCheckpoint(said.part.checkpoint)?.origin !== originOf(party, said.by.identity)
    )
      say(wrong('answers', `the testimony of ${party} shows a log that is not its own`, party));
    else opened.set(party, said);
  });
  const missing = opened.get(soleParty(signed.content, 'aggregator'))?.missing ?? [];
  for (const party of empty) {
    if (missing.includes(party)) say(open('answers', `no testimony of ${party} came to the aggregator in time`, party));
    else say(wrong('answers', `the testimony of ${party} is empty, and the aggregator does not say why`, party));
  }
  for (const [party, { template, by }] of opened) {
    const runs = template === undefined ? '' : `, and that it runs the template ${template}`;
    // A testimony says no time, and no log has it: whoever stole the key may have written it.
    const { revokedAt } = by;
    if (revokedAt !== undefined) {
      const revoked = `its key was revoked at ${new Date(revokedAt).toISOString()}`;
      say(open('answers', `${party} testifies this or somebody who stole its key: ${revoked}`, party));
    } else say(proven('answers', `${party} testifies under this agreement${runs}`, party));
  }
  const all = [...opened.values()];
  return { words: all.flatMap(({ words }) => words), parts: all.flatMap((each) => each.part ?? []) };
}
