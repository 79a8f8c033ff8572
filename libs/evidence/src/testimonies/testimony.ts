// A testimony: what a party's log shows of one query, and the words that it keeps of it, signed by the party and sealed to
// the auditor whom the agreement names (docs/protocol.md section 12.6). All of one agreement have one size.
import {
  agreementHashOf,
  canonicalBytes,
  compactJws,
  parseJson,
  partyId,
  publicKeyFrom,
  queryId,
  seal,
  sha256Of,
  sha256Text,
  signJws,
  testimonyContext,
  testimonySize,
  thumbprint,
  unseal,
  verifyJws,
  type Agreement,
  type PartyId,
  type PrivateKey,
  type QueryId,
  type Signer,
  type SigningKey,
} from '@anonymesh/protocol';
import { z } from 'zod';
import { part } from '../parts/part.js';
import { pack, unpack } from './packing.js';

const type = 'anonymesh-testimony';

const head = z.strictObject({
  type: z.literal('anonymesh/testimony/v1'),
  query: queryId,
  agreement: sha256Text,
  party: partyId,
  /** Of a holder: what it runs, as the agreement pins it. */
  template: sha256Text.optional(),
  /** Of the packed content that follows, and how long it is. */
  sha256: sha256Text,
  bytes: z.int().min(0).max(65_536),
});

const content = z.strictObject({
  /** Holders' answers and refusals, as they signed them: a holder's own, the aggregator's all that came to it. */
  words: z.array(compactJws).max(64),
  /** Of its log; none where no checkpoint was signed in time. */
  part: part.optional(),
  /** The aggregator's: holders of which no testimony came. */
  missing: z.array(partyId).max(64).optional(),
});
export type Testimony = z.infer<typeof content>;

export interface Testifying {
  readonly self: PartyId;
  readonly signing: SigningKey;
  readonly query: QueryId;
  readonly agreement: Agreement;
}

const separator = 0x7e; // ~, which is in no JWS

/** Rejects where the agreement names no auditor. */
export async function sealTestimony({ self, signing, query, agreement }: Testifying, said: Testimony): Promise<string> {
  const most = testimonySize(agreement);
  const packed = packWithin(said, most - headBytes);
  const hash = agreementHashOf(agreement);
  const template = agreement.holders.find(({ id }) => id === self)?.template.hash;
  const signed = head.parse({
    type: 'anonymesh/testimony/v1',
    query,
    agreement: hash,
    party: self,
    ...(template === undefined ? {} : { template }),
    sha256: sha256Of(packed),
    bytes: packed.length,
  });
  const text = Buffer.alloc(most);
  const jws = await signJws(canonicalBytes(signed), type, signing);
  packed.copy(text, text.write(`${jws}~`));
  return sealTo(agreement, query, self, text);
}

/** In place of one that has not come: of its size, and nothing in it. Whether it is one, the auditor alone can tell. */
export function sealNothing(query: QueryId, agreement: Agreement, party: PartyId): string {
  return sealTo(agreement, query, party, Buffer.alloc(testimonySize(agreement)));
}

/** Bytes of the signed head, at most. */
const headBytes = 1024;

export interface Opening {
  readonly auditor: PrivateKey;
  readonly query: QueryId;
  readonly agreement: { readonly content: Agreement; readonly hash: string };
  readonly party: PartyId;
  readonly signer: (kid: string) => Signer | undefined;
}

export type OpenedTestimony = Testimony & {
  readonly by: Omit<Signer, 'key'>;
  /** The hash of the template that a holder runs. */
  readonly template: string | undefined;
};

/**
 * What the party said. `sealed`: it does not open, being sealed to another key, for another query or of another party;
 * `nothing`: there is nothing in it; `forged`: the party has not signed this.
 */
export function openTestimony(
  sealed: string,
  { auditor, query, agreement, party, signer }: Opening,
): OpenedTestimony | 'sealed' | 'nothing' | 'forged' {
  const find = (kid: string) => (kid === auditor.kid ? auditor : undefined);
  const text = unseal(sealed, find, testimonyContext(query, agreement.hash, party));
  if (typeof text === 'string') return 'sealed';
  if (text.every((byte) => byte === 0)) return 'nothing';
  const end = text.indexOf(separator);
  let by: Signer | undefined;
  const jws = text.subarray(0, Math.max(end, 0)).toString('latin1');
  const verified = verifyJws(jws, type, (kid) => (by = signer(kid))?.key);
  const signed = head.safeParse(typeof verified === 'string' ? undefined : parseJson(verified.payload)).data;
  if (signed === undefined || by === undefined || by.id !== party) return 'forged';
  const template = agreement.content.holders.find(({ id }) => id === party)?.template.hash;
  const isIts = signed.query === query && signed.agreement === agreement.hash && signed.party === party;
  if (!isIts || signed.template !== template) return 'forged';
  const packed = text.subarray(end + 1, end + 1 + signed.bytes);
  const said = content.safeParse(sha256Of(packed) === signed.sha256 ? unpack(packed) : undefined).data;
  const { id, kind, identity, revokedAt } = by;
  return said === undefined ? 'forged' : { ...said, template, by: { id, kind, identity, revokedAt } };
}

function sealTo(agreement: Agreement, query: QueryId, party: PartyId, text: Buffer): string {
  const { auditor } = agreement;
  if (auditor === undefined) throw new TypeError('an agreement without an auditor');
  const raw = Buffer.from(auditor.sealing, 'base64url');
  const key = { kid: thumbprint('X25519', raw), key: publicKeyFrom('X25519', raw) };
  return seal(text, key, testimonyContext(query, agreementHashOf(agreement), party));
}

/**
 * All of it where it fits. Of a query that went on for long, or of a large set, that its log holds nothing else does not
 * fit, and perhaps not every letter with a chunk: what decided, and its own word, always do.
 */
function packWithin(said: Testimony, most: number): Buffer {
  const { part: whole } = said;
  const entriesAlone = whole && { ...whole, before: undefined, stretches: [] };
  const few = entriesAlone && { ...entriesAlone, entries: firstOfEach(entriesAlone.entries) };
  for (const some of [whole, entriesAlone, few]) {
    const packed = some && sizeOf(some) < tooLong * most ? pack({ ...said, part: some }) : undefined;
    if (packed !== undefined && packed.length <= most) return packed;
  }
  return packWords(said, most);
}

/** Each holder testifies to its own word as well: of all of them, those that somebody wrote too long are left out. */
function packWords(said: Testimony, most: number): Buffer {
  const words = said.words.toSorted((a, b) => a.length - b.length);
  for (;;) {
    const packed = pack({ ...said, part: undefined, words });
    if (packed.length <= most) return packed;
    if (words.pop() === undefined) throw new RangeError(`a testimony of ${packed.length} bytes`);
  }
}

/** Hashes are as good as random: packed, a text is hardly ever smaller than a fifth of it. */
const tooLong = 5;

function sizeOf({ entries, stretches }: NonNullable<Testimony['part']>): number {
  const trees = stretches.flatMap(({ runs = [] }) => runs).length + stretches.length;
  return 400 * (entries.length + trees);
}

/** Of entries of one kind the first: chunks of a set come in hundreds. */
function firstOfEach<Each extends { readonly entry: string }>(entries: readonly Each[]): Each[] {
  const kinds = new Map<string, Each>();
  for (const each of entries) {
    const { did, what, party } = JSON.parse(each.entry) as Record<string, string>;
    const kind = `${did} ${what} ${party}`;
    if (!kinds.has(kind)) kinds.set(kind, each);
  }
  return [...kinds.values()];
}
