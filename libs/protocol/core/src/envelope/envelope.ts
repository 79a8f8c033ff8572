// The envelope: what every message is signed in by its sender, and then sealed in to its receiver. The broker sees who
// writes to whom and when, and no more (docs/protocol.md section 2).
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { sha256Of } from '../canonical.js';
import { base64url, bytesText, instant, sha256Text } from '../encodings.js';
import type { Message } from '../message.js';
import { partyId, type PartyId } from '../party.js';
import { queryId, type QueryId } from '../query-id.js';
import { attachedClaims, sealAttachment } from './attachment.js';
import { pad } from './pad.js';
import { signJws } from './sign.js';
import type { SigningKey } from './signing-key.js';

/** `typ` of a message's JWS. */
export const envelopeType = 'anonymesh-message';

const claims = z.strictObject({
  name: z.string().max(32),
  version: z.literal(1),
  from: partyId,
  to: partyId,
  queryId: queryId.optional(),
  issuedAt: instant,
  id: bytesText(16),
  /** The id of the request that this answers. */
  answers: bytesText(16).optional(),
  /** SHA-256 of what travels beside the signed part. */
  encloses: sha256Text.optional(),
  attached: attachedClaims.optional(),
  body: z.unknown(),
});
export { claims as envelopeClaims };
export type EnvelopeClaims = z.infer<typeof claims>;

export interface Letter<Body> {
  readonly from: PartyId;
  readonly to: PartyId;
  readonly queryId?: QueryId | undefined;
  readonly body: Body;
  readonly enclosure?: string | undefined;
  /** Where the message attaches one: a chunk, and its number from 0. */
  readonly attachment?: Uint8Array | undefined;
  readonly chunk?: number | undefined;
  readonly answers?: string | undefined;
  readonly issuedAt?: number | undefined;
}

export interface SignedLetter {
  readonly id: string;
  /** The compact JWS, to be kept as evidence. */
  readonly jws: string;
  /** What is sealed: the JWS, what it encloses, and padding. */
  readonly text: Buffer;
  /** The encrypted attachment, to travel beside what is sealed. */
  readonly attached: Buffer | undefined;
}

/** Signs a letter as that message. Rejects where the sender itself is at fault: what is not as the message declares. */
export async function signLetter<Body>(
  message: Message<Body>,
  letter: Letter<Body>,
  by: SigningKey,
): Promise<SignedLetter> {
  if (message.aboutQuery !== (letter.queryId !== undefined)) throw new TypeError(`${message.name}: query id`);
  if ((message.encloses === true) !== (letter.enclosure !== undefined))
    throw new TypeError(`${message.name}: enclosure`);
  const id = base64url(randomBytes(16));
  const attached = attach(message, letter, id);
  const content: EnvelopeClaims = {
    name: message.name,
    version: message.version,
    from: letter.from,
    to: letter.to,
    ...(letter.queryId === undefined ? {} : { queryId: letter.queryId }),
    issuedAt: letter.issuedAt ?? Date.now(),
    id,
    ...(letter.answers === undefined ? {} : { answers: letter.answers }),
    ...(letter.enclosure === undefined ? {} : { encloses: sha256Of(letter.enclosure) }),
    ...(attached === undefined ? {} : { attached: attached.claims }),
    body: message.body.parse(letter.body),
  };
  const jws = await signJws(Buffer.from(JSON.stringify(content)), envelopeType, by);
  const text = letter.enclosure === undefined ? jws : `${jws}~${letter.enclosure}`;
  return { id, jws, text: pad(text, message.size), attached: attached?.sealed };
}

function attach(message: Message, { attachment, chunk }: Letter<unknown>, id: string) {
  const { name, attaches } = message;
  if (attaches === undefined && attachment === undefined && chunk === undefined) return undefined;
  if (attaches === undefined || attachment === undefined || chunk === undefined)
    throw new TypeError(`${name}: attachment`);
  if (attachment.length > attaches.most) throw new RangeError(`${name}: an attachment of ${attachment.length} bytes`);
  return sealAttachment({ attachment, chunk }, id);
}
