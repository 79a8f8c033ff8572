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
export { canonicalText } from './formats.js';
export { partyId, partyKind, type PartyId, type PartyKind } from './party.js';
export { queryId, queryIdOf, type QueryId } from './query-id.js';
export { Refusal, refusalCode, type RefusalCode } from './refusal.js';
export type { Vocabulary } from './vocabulary.js';
export { declare, largestAttachment, type BodyOf, type Hop, type Message, type ReplyOf } from './message.js';
export { subjectOf } from './subjects.js';
export { bearsContext, letterContextOf, traceparent, traceparentOf, type LetterContext } from './letter-context.js';
export { publicKeyFrom, rawPublicKey, thumbprint, type PrivateKey, type PublicKey } from './envelope/keys.js';
export { signingKeyElsewhere, signingKeyHere, type SigningKey } from './envelope/signing-key.js';
export { parseJson, signJws, verifyJws, type VerifiedJws } from './envelope/sign.js';
export { seal, unseal, type SealContext } from './envelope/seal.js';
export { sealTwice, unsealTwice, type TwoPublicKeys } from './envelope/sealed-twice.js';
export { pad, unpad } from './envelope/pad.js';
export { signLetter, type Letter, type SignedLetter } from './envelope/envelope.js';
export { clockTolerance, openLetter, openSigned } from './envelope/open.js';
export type { Expectation, Opened, OpenedChunk } from './envelope/open.js';
export { wasRevoked, type FindSigner, type Signer } from './envelope/signer.js';
export { manifest, signManifest, verifyManifest } from './manifest.js';
export { retraction, signRetraction, verifyRetraction } from './retraction.js';
export type { Retraction, RetractionKeys } from './retraction.js';
export type { CheckManifest, Manifest, SetManifest, VerifiedManifest } from './manifest.js';
export { agreement, agreementHashOf, commonFields, soleParty, type Agreement } from './agreement.js';
export { combination, concernsThatCount } from './agreement/check.js';
export type { CheckAgreement, Combination } from './agreement/check.js';
export { fieldFormat, fieldName, mostAgreementBytes } from './agreement/terms.js';
export type { AtMost, FieldFormat, HolderTerms } from './agreement/terms.js';
export { holdersToMatch, mostListBytes, releaseMode } from './agreement/set.js';
export type { MatchKey, ReleaseMode, SetAgreement, SetCombination, SetHolder } from './agreement/set.js';
export type { AgreementNotice } from './agreement-notice.js';
export { askedUnder, type Asked } from './asked-under.js';
export { limitsOf, limitTo, type AskingLimit } from './asking-limits.js';
export { deadlinesOf, decisionsBy, embargoOf, longestKept, untimely, type Deadlines } from './deadlines.js';
export { admission, directoryEntry, directoryFile } from './directory-entry.js';
export type { Admission, DirectoryEntry, DirectoryFile, PublishedKey } from './directory-entry.js';
export { looksLikeTestimony, mostTestimonyBytes, testimoniesWaitedFor, testimonyContext } from './testimony.js';
export { testimonySize, witnessesOf } from './testimony.js';
export { ask } from './messages/ask.js';
export { checkpoint } from './messages/checkpoint.js';
export { notice } from './messages/notice.js';
export { dispatch } from './messages/dispatch.js';
export { expect } from './messages/expect.js';
export type { KeysInForce } from './messages/keys-in-force.js';
export { progress, setStage, type SetStage } from './messages/progress.js';
export { relayMatches, relayOutcome, relayReceipt, relayRecheck } from './messages/relay.js';
export { retract } from './messages/retract.js';
export { replyTo, type ReplyBody } from './messages/reply.js';
export { slip } from './messages/slip.js';
