// Takes another party's checkpoint: countersigns it where it continues all that was seen of that log before, keeps it as
// proof where it does not; and puts the other's cosignature under our own.
import {
  addCosignature,
  cosign,
  cosignedAt,
  holdCheckpoint,
  holdWitnessed,
  judge,
  originOf,
  readCheckpoint,
  readNote,
  saveWitnessed,
  type Objection,
  type SignedCheckpoint,
  type Witnessed,
} from '@anonymesh/evidence';
import { base64url, fromBase64url, Refusal, type BodyOf, type checkpoint, type Opened } from '@anonymesh/protocol';
import { loggable } from '@anonymesh/runtime';
import { NotYet } from '../not-yet.js';
import type { StoreNode } from '../node.js';
import type { Work } from '../work.js';
import { keysOf, ownName } from './names.js';

type Letter = Opened<BodyOf<typeof checkpoint>>;

/** Milliseconds after which a checkpoint between is not waited for any more: it would have come. */
const longestBetween = 60_000;

export async function takeCheckpoint(node: StoreNode, letter: Letter, work: Work): Promise<void> {
  const { from, body } = letter;
  const row = await holdWitnessed(work.transaction, from.id);
  if (body.checkpoint !== undefined) await witness(node, letter, body.checkpoint, row, work);
  if (body.cosigned !== undefined) await confirm(node, letter, body.cosigned, row, work);
}

async function witness(node: StoreNode, letter: Letter, note: string, row: Witnessed, work: Work): Promise<void> {
  const { from, body, issuedAt: at } = letter;
  const { self } = node.courier;
  const last = row.note === null ? undefined : readCheckpoint(row.note);
  const proof = body.proofs.find((each) => each.from === last?.size);
  const path = (proof?.path ?? []).map((hash) => fromBase64url(hash) ?? Buffer.alloc(0));
  const known = {
    origin: originOf(from.id, from.identity),
    keys: keysOf(self.directory, from.id),
    last: last && { checkpoint: last, at: row.said_at },
  };
  const judged = judge({ checkpoint: note, from: proof?.from ?? 0, proof: path, at }, known);
  if (typeof judged === 'string') return object(node, letter, note, judged, row, last, work);
  if (judged.size === last?.size) return;
  const { keyId, signature } = await cosign(judged.note, ownName(self), Math.floor(Date.now() / 1000));
  const cosignature = base64url(Buffer.concat([keyId, signature]));
  await saveWitnessed(work.transaction, from.id, { note, said_at: at, cosignature, owed: true });
}

async function object(
  { log }: StoreNode,
  { from, body, issuedAt }: Letter,
  note: string,
  objection: Objection,
  row: Witnessed,
  last: SignedCheckpoint | undefined,
  work: Work,
): Promise<void> {
  switch (objection) {
    case 'malformed':
      throw new Refusal('malformed');
    case 'unsigned':
      throw new Refusal('bad-signature');
    case 'late':
      return;
    case 'unproven':
      // One between is still on its way; or it never comes: where we were restored from a back-up, all that is proven begins
      // above what we know. Its party hears what we know, and proves from there the next time.
      if (body.proofs.some((each) => each.from > (last?.size ?? 0)) && Date.now() - issuedAt < longestBetween)
        throw new NotYet();
      return saveWitnessed(work.transaction, from.id, { owed: true });
    case 'forked':
    case 'rolled-back':
      log.warn('evidence.disputed', { from: loggable.partyId(from.id), code: loggable.code(objection) });
      if (row.dispute !== null) return;
      await saveWitnessed(work.transaction, from.id, { dispute: note });
      work.enter({ did: 'decided', what: objection, words: note });
  }
}

async function confirm(
  { courier, log }: StoreNode,
  { from }: Letter,
  { size, signature: text }: NonNullable<Letter['body']['cosigned']>,
  row: Witnessed,
  work: Work,
): Promise<void> {
  const own = await holdCheckpoint(work.transaction, size);
  const note = own === undefined ? undefined : readNote(own);
  const bytes = fromBase64url(text) ?? Buffer.alloc(0);
  const name = originOf(from.id, from.identity);
  const line = { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
  const keys = keysOf(courier.self.directory, from.id);
  const holds = note !== undefined && keys.some((key) => cosignedAt({ ...note, signatures: [line] }, { name, key }));
  // It has seen a checkpoint that we have not: our own log may have been rolled back.
  if (own === undefined || !holds)
    return log.warn('evidence.not-ours', { from: loggable.partyId(from.id), entries: size });
  await addCosignature(work.transaction, size, own, line);
  // A smaller one as well: whoever was restored from a back-up knows no more, and takes only what is proven from there.
  if (size !== row.confirmed) await saveWitnessed(work.transaction, from.id, { confirmed: size });
}
