// Safe for everyone: ids, envelopes, the declaration of messages, subjects, refusals, manifests and agreements.
export {
  base64url,
  bytesText,
  compactJwe,
  compactJws,
  fromBase64url,
  instant,
  sha256Text,
  shortText,
  x25519Text,
} from './encodings.js';
export { canonicalBytes, lengthPrefixed, sha256, sha256Of } from './canonical.js';
export { partyId, partyKind, type PartyId, type PartyKind } from './party.js';
export { queryId, queryIdOf, type QueryId } from './query-id.js';
export { Refusal, refusalCode, type RefusalCode } from './refusal.js';
export type { Vocabulary } from './vocabulary.js';
export { declare, type BodyOf, type Hop, type Message, type ReplyOf } from './message.js';
export { subjectOf } from './subjects.js';
export { publicKeyFrom, rawPublicKey, thumbprint, type PrivateKey, type PublicKey } from './envelope/keys.js';
export { parseJson, signJws, verifyJws, type VerifiedJws } from './envelope/sign.js';
export { seal, unseal, type SealContext } from './envelope/seal.js';
export { sealTwice, unsealTwice, type TwoPublicKeys } from './envelope/sealed-twice.js';
export { pad, unpad } from './envelope/pad.js';
export { envelopeType, signLetter, type Letter, type SignedLetter } from './envelope/envelope.js';
export { clockTolerance, openLetter, openSigned } from './envelope/open.js';
export type { Expectation, Opened, Signer } from './envelope/open.js';
export { manifest, signManifest, verifyManifest, type Manifest, type VerifiedManifest } from './manifest.js';
export {
  agreement,
  agreementHashOf,
  combination,
  commonFields,
  fieldFormat,
  fieldName,
  soleParty,
} from './agreement.js';
export type { Agreement, Combination, FieldFormat, HolderTerms } from './agreement.js';
export { deadlinesOf, untimely, type Deadlines } from './deadlines.js';
export { admission, directoryEntry, directoryFile } from './directory-entry.js';
export type { Admission, DirectoryEntry, DirectoryFile, PublishedKey } from './directory-entry.js';
export { ask } from './messages/ask.js';
export { dispatch } from './messages/dispatch.js';
export { expect } from './messages/expect.js';
export { keysInForce, type KeysInForce } from './messages/keys-in-force.js';
export { progress } from './messages/progress.js';
export { relayOutcome, relayRecheck } from './messages/relay.js';
export { replyTo, type ReplyBody } from './messages/reply.js';
export { slip } from './messages/slip.js';
