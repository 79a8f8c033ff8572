// Opens what a set query released: the records of each holder, by our sealing key and by the holder's, so that we know
// whose they are. Nobody else can, the aggregator that picked them out least of all.
import { publicKeyFrom, type PartyId, type QueryId, type SetAgreement } from '@anonymesh/protocol';
import { slotBytes } from '@anonymesh/protocol-outcome';
import { openRecipient, openRecord, type OpenedRecord } from '@anonymesh/psi';
import type { SignedAgreement } from '@anonymesh/trust';
import { z } from 'zod';
import type { Receiver } from '../following/open-sealed.js';
import type { MatchLetter } from '../store/match-letters.js';

export interface Released {
  readonly holder: PartyId;
  readonly fields: OpenedRecord;
}

const sealings = z.array(z.strictObject({ holder: z.string(), enc: z.string(), to: z.string() }));

/** The records in the order in which they came, and how many there were that do not open: their holder sealed nonsense. */
export async function openReleased(
  id: QueryId,
  letters: readonly MatchLetter[],
  signed: SignedAgreement<SetAgreement>,
  self: Receiver,
): Promise<{ readonly records: readonly Released[]; readonly unreadable: number }> {
  const holders = signed.content.holders.map((holder) => holder.id).sort();
  const secrets = new Map<PartyId, readonly Buffer[]>();
  const records: Released[] = [];
  let unreadable = 0;
  for (const { sealing, slots } of letters) {
    for (const each of sealings.parse(JSON.parse(sealing)))
      if (!secrets.has(each.holder)) secrets.set(each.holder, await secretsOf(id, each, signed, self));
    for (const { place, salt, inner } of slotsIn(Buffer.from(slots, 'base64url'), signed.content)) {
      const holder = holders[place - 1] ?? '';
      const releases = signed.content.holders.find((terms) => terms.id === holder)?.releases ?? [];
      const fields = (secrets.get(holder) ?? [])
        .map((exportSecret) => openRecord({ query: id, exportSecret }, releases, { salt, inner }))
        .find((opened) => opened !== undefined);
      if (fields === undefined) unreadable += 1;
      else records.push({ holder, fields });
    }
  }
  return { records, unreadable };
}

/** One for each sealing key that the holder has: while keys rotate, two may be in use. */
async function secretsOf(
  query: QueryId,
  { holder, enc, to }: z.infer<typeof sealings>[number],
  signed: SignedAgreement<SetAgreement>,
  self: Receiver,
): Promise<readonly Buffer[]> {
  const recipient = self.keyring.sealing(to)?.key;
  const sealing = signed.pinned(holder)?.sealing ?? [];
  if (recipient === undefined) return [];
  const context = { query, agreement: signed.hash, holder, requester: self.id };
  const opened = await Promise.all(
    sealing.map(({ key }) =>
      openRecipient(context, {
        sender: publicKeyFrom('X25519', Buffer.from(key, 'base64url')),
        recipient,
        enc: Buffer.from(enc, 'base64url'),
      }),
    ),
  );
  return opened.filter((secret) => secret !== undefined);
}

/** Slots that hold a record: holder's place, 16 bytes salt, the record sealed. */
function* slotsIn(bytes: Buffer, agreement: SetAgreement) {
  const size = slotBytes(agreement);
  for (let at = 0; at + size <= bytes.length; at += size) {
    const place = bytes.readUInt8(at);
    if (place > 0) yield { place, salt: bytes.subarray(at + 1, at + 17), inner: bytes.subarray(at + 17, at + size) };
  }
}
