// Verifies a signed letter against what its receiver expects. Everything is compared; what does not fit is refused with
// a code that says nothing of the content.
import { sha256Of } from '../canonical.js';
import type { Message } from '../message.js';
import type { PartyId, PartyKind } from '../party.js';
import type { QueryId } from '../query-id.js';
import type { RefusalCode } from '../refusal.js';
import { openAttachment, sealedAttachmentBytes } from './attachment.js';
import { envelopeClaims, envelopeType, type EnvelopeClaims } from './envelope.js';
import { unpad } from './pad.js';
import { parseJson } from './sign.js';
import { verifyBySigner, wasRevoked, type FindSigner, type Signer } from './signer.js';

export interface Expectation {
  /** The messages that may come this way; the sender's kind is taken from their hops. */
  readonly messages: readonly Message[];
  readonly self: { readonly id: PartyId; readonly kind: PartyKind };
  readonly signer: FindSigner;
  readonly now: number;
  /** Milliseconds after which a letter is too old. */
  readonly maxAge: number;
  /** For evidence: what was enclosed may have been erased; the letter still says its hash. */
  readonly enclosureErased?: boolean;
  /** For replies: the id of the request. */
  readonly answers?: string;
}

export interface Opened<Body = unknown> {
  readonly message: Message<Body>;
  readonly id: string;
  readonly from: Omit<Signer, 'key' | 'revokedAt'>;
  readonly queryId: QueryId | undefined;
  readonly issuedAt: number;
  readonly body: Body;
  readonly enclosure: string | undefined;
  /** There where the message attaches one (see OpenedChunk). */
  readonly attachment?: Buffer;
  /** Its number, from 0. */
  readonly chunk?: number;
  /** The sender's signed words, which can be shown to others. */
  readonly jws: string;
}

/** A letter of a message that attaches, as its handler gets it. */
export type OpenedChunk<Body = unknown> = Opened<Body> & Required<Pick<Opened, 'attachment' | 'chunk'>>;

/** Clocks may differ by this much, in milliseconds. */
export const clockTolerance = 5 * 60_000;

/** Text as unsealed, and what came beside it → the letter, or the code of the refusal. */
export function openLetter(text: Uint8Array, expected: Expectation, attached?: Uint8Array): Opened | RefusalCode {
  const sized = expected.messages.find((message) => message.size !== undefined);
  const unpadded = unpad(text, sized?.size);
  if (unpadded === undefined) return 'malformed';
  const [jws = '', enclosure, ...rest] = unpadded.split('~', 3);
  return rest.length > 0 ? 'malformed' : openSigned(jws, enclosure, expected, attached);
}

/** As openLetter, for a letter that was kept as its JWS and its enclosure. */
export function openSigned(
  jws: string,
  enclosure: string | undefined,
  expected: Expectation,
  attached?: Uint8Array,
): Opened | RefusalCode {
  const verified = verifyBySigner(jws, envelopeType, expected.signer);
  if (typeof verified === 'string') return verified;
  const { signer } = verified;
  const parsed = envelopeClaims.safeParse(parseJson(verified.payload));
  if (!parsed.success) return 'malformed';
  const claims = parsed.data;
  const message = expected.messages.find((candidate) => candidate.name === claims.name);
  if (message === undefined) return 'malformed';
  const no = mismatch(claims, message, signer, enclosure, expected);
  if (no !== undefined) return no;
  const body = message.body.safeParse(claims.body);
  if (!body.success) return 'malformed';
  const beside = openAttached(claims, message, attached);
  if (typeof beside === 'string') return beside;
  const { id, queryId, issuedAt } = claims;
  const from = { id: signer.id, kind: signer.kind, identity: signer.identity };
  return { message, id, from, queryId, issuedAt, body: body.data, enclosure, ...beside, jws };
}

/** The attachment must be there exactly where the message declares one, be named by the letter, and not be too large. */
function openAttached(
  { attached: claims, id }: EnvelopeClaims,
  { attaches }: Message,
  attached: Uint8Array | undefined,
): Pick<Opened, 'attachment' | 'chunk'> | RefusalCode {
  if (attaches === undefined && claims === undefined && attached === undefined) return {};
  if (attaches === undefined || claims === undefined || attached === undefined) return 'malformed';
  if (attached.length > sealedAttachmentBytes(attaches.most)) return 'too-large';
  const attachment = openAttachment(attached, claims, id);
  return attachment === undefined ? 'malformed' : { attachment, chunk: claims.chunk };
}

function mismatch(
  claims: EnvelopeClaims,
  message: Message,
  signer: Signer,
  enclosure: string | undefined,
  { self, now, maxAge, answers, enclosureErased = false }: Expectation,
): RefusalCode | undefined {
  if (claims.from !== signer.id) return 'wrong-sender';
  if (!message.hops.some((hop) => hop.from === signer.kind && hop.to === self.kind)) return 'wrong-sender';
  if (claims.to !== self.id) return 'not-for-you';
  if (claims.answers !== answers) return 'not-for-you';
  if (message.aboutQuery !== (claims.queryId !== undefined)) return 'malformed';
  if ((message.encloses === true) !== (claims.encloses !== undefined)) return 'malformed';
  const isErased = enclosureErased && enclosure === undefined;
  if (!isErased && (enclosure === undefined ? undefined : sha256Of(enclosure)) !== claims.encloses) return 'malformed';
  if (wasRevoked(signer, claims.issuedAt)) return 'key-revoked';
  if (claims.issuedAt < now - maxAge) return 'too-old';
  if (claims.issuedAt > now + clockTolerance) return 'from-the-future';
  return undefined;
}
