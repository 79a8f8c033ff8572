// Who is who, and what was agreed: keys, directory, agreements signed by all, templates pinned by hash.
export { fingerprintOf } from './fingerprint.js';
export {
  newKey,
  publicBytes,
  readAnyKeyFile,
  readKeyFile,
  writeKeyFile,
  type Curve,
  type NewKey,
  type OwnKey,
} from './key-file.js';
export { keyringConfig, openKeyring, secretFrom } from './keyring.js';
export type { Keyring, KeyringConfig, OpenKeyring } from './keyring.js';
export { isSuccessorOf, successorOf, withSuccessors } from './successors.js';
export { signEntry, verifyEntry, type VerifiedEntry } from './entry.js';
export { signJoinRequest, verifyJoinRequest, type JoinFault, type VerifiedRequest } from './join-request.js';
export type { Directory } from './directory.js';
export { readDirectory, signAdmission, type KnownEntry, type ReadDirectory } from './read-directory.js';
export { inUse, isAccepted, isRevoked, keysIn, kindsOfKeys, revocationsIn, worthKeeping } from './published-keys.js';
export { agreementSignatures, checkAgreement, isOfKind, signAgreement } from './signed-agreement.js';
export type { AgreementSignatures, SignedAgreement } from './signed-agreement.js';
export { examineRetraction, type ExaminedRetraction } from './examine-retraction.js';
export { isPinned, signTemplate, template, templateHashOf, templateSignatures, templateSignedBy } from './template.js';
export type { CheckTemplate, SetTemplate, Template, TemplateSignatures } from './template.js';
export { readDocument, readYaml } from './read-document.js';
export { FlawedDocument, inWords, parseYaml, type Flaw, type FlawAt } from './yaml-flaws.js';
export { filesOf, namesIn, openTrust, readAgreement, readDirectoryFile, trustConfig } from './trust-files.js';
export type { FiledAgreement, OpenTrust, Trust, TrustConfig } from './trust-files.js';
export { counting, inForce, isEnded, type Known, type Standing, type Status, type Terms } from './force/in-force.js';
export { longestStatus, signStatus, verifyStatus, type StatusContent } from './force/status.js';
export { lintAgreements, mostInParts } from './lint/lint-agreements.js';
export { isolatedBy, type Combined } from './lint/isolating.js';
export type { Drafted, Finding } from './lint/drafted.js';
export { outcomeSection, sectionsFor, sectionsOf } from './sentences/sections.js';
export { duration } from './sentences/wording.js';
export type { Section, Sentence } from './sentences/section.js';
export { isSameOrganisation, ownHolders, type Organisation } from './lint/organisation.js';
