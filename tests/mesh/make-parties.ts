// A mesh of parties on paper: keys for everyone, a directory that the operator signed, and an agreement that all of them
// signed. Tests of any party begin here, with the same checks as in production and no broker.
import {
  agreement,
  type Agreement,
  type CheckAgreement,
  type Combination,
  type DirectoryFile,
  type PartyId,
  type PartyKind,
  type PrivateKey,
  type PublishedKey,
  type SetAgreement,
  type SigningKey,
} from '@anonymesh/protocol';
import {
  checkAgreement,
  fingerprintOf,
  newKey,
  publicBytes,
  readDirectory,
  secretFrom,
  signAdmission,
  signAgreement,
  signEntry,
  type AgreementSignatures,
  type Directory,
  type Keyring,
  type NewKey,
  type OwnKey,
  type SignedAgreement,
  type Trust,
} from '@anonymesh/trust';
import { atRiskChildren } from './at-risk-children.js';
import { newBrokerKey, type BrokerKey } from './broker-key.js';
import { rightToRemain, type Terms } from './right-to-remain.js';

/** One party with all its private keys; in production no process ever has the identity key. */
export interface Party {
  readonly id: PartyId;
  readonly kind: PartyKind;
  readonly name: string;
  readonly identity: SigningKey & NewKey;
  readonly signing: SigningKey & NewKey;
  readonly sealing: PrivateKey & NewKey;
  /** Of holders only. */
  readonly mask: (PrivateKey & NewKey) | undefined;
  readonly broker: BrokerKey;
  /** As its node opens it. */
  readonly keyring: Keyring;
}

/** Who a node is to the courier. */
export interface PartySelf {
  readonly id: PartyId;
  readonly kind: PartyKind;
  readonly keyring: Keyring;
  readonly directory: Directory;
}

export interface Parties {
  readonly operator: { readonly key: SigningKey; /** As configs name it. */ readonly text: string };
  readonly directoryFile: DirectoryFile;
  readonly directory: Directory;
  readonly signatures: AgreementSignatures;
  readonly agreement: SignedAgreement<CheckAgreement>;
  readonly trust: Trust;
  readonly all: readonly Party[];
  party(id: PartyId): Party;
  self(id: PartyId): PartySelf;
  /** Another agreement of the same parties; signed by all of them, or by those named. */
  agree(change: Partial<CheckAgreement>, signers?: readonly PartyId[]): Promise<SignedAgreement<CheckAgreement>>;
  /** An agreement on sets, of the same parties but the portal. */
  agreeOnSets(change?: Partial<SetAgreement>, signers?: readonly PartyId[]): Promise<SignedAgreement<SetAgreement>>;
}

export interface PartiesOptions extends Partial<Terms> {
  readonly requesters?: readonly PartyId[];
  readonly holders?: readonly PartyId[];
  readonly combination?: Combination;
  /** Other terms of the agreement, put in before anybody signs. */
  readonly change?: Partial<CheckAgreement>;
}

const day = 86_400_000;

/** Every party of `right-to-remain`, or as many requesters and holders as are named. */
export async function makeParties(options: PartiesOptions = {}): Promise<Parties> {
  const { requesters = ['immigration'], holders = ['hmrc', 'dwp', 'council'], change = {}, ...terms } = options;
  const all = [
    ...requesters.map((id) => makeParty(id, 'requester')),
    makeParty('coordinator', 'coordinator'),
    makeParty('aggregator', 'aggregator'),
    makeParty('appeal-portal', 'portal'),
    ...holders.map((id) => makeParty(id, 'holder')),
  ];
  const party = (id: PartyId) => {
    const found = all.find((each) => each.id === id);
    if (found === undefined) throw new Error(`${id} is not in this mesh`);
    return found;
  };
  const operator = newKey('Ed25519');
  const text = publicBytes(operator).toString('base64url');
  const file = await directoryFileOf(all, operator);
  const directory = readDirectory(file, text)?.directory;
  if (directory === undefined) throw new Error('the directory cannot be read');
  const named = all.map(({ id, kind, name, identity }) => ({ id, kind, name, identity: identity.kid }));
  const sign = async (content: Agreement, signers: readonly PartyId[] = all.map(({ id }) => id)) =>
    Object.fromEntries(
      await Promise.all(signers.map(async (id) => [id, await signAgreement(content, id, party(id).identity)] as const)),
    );
  const content: CheckAgreement = { ...rightToRemain(named, terms), ...change };
  agreement.parse(content);
  const signatures = await sign(content);
  const signed = checkAgreement(content, signatures, directory);
  return {
    operator: { key: operator, text },
    directoryFile: file,
    directory,
    signatures,
    agreement: signed,
    trust: { directory, agreements: new Map([[signed.hash, signed]]) },
    all,
    party,
    self: (id) => ({ id, kind: party(id).kind, keyring: party(id).keyring, directory }),
    agree: async (changed, signers) => {
      const other = { ...content, ...changed };
      agreement.parse(other);
      return checkAgreement(other, await sign(other, signers), directory);
    },
    agreeOnSets: async (changed, signers) => {
      const sets = atRiskChildren(named, changed);
      agreement.parse(sets);
      return checkAgreement(sets, await sign(sets, signers ?? sets.parties.map(({ id }) => id)), directory);
    },
  };
}

/** A party with new keys, known to nobody yet. */
export function makeParty(id: PartyId, kind: PartyKind): Party {
  const [identity, signing] = [newKey('Ed25519'), newKey('Ed25519')];
  const sealing = newKey('X25519');
  const mask = kind === 'holder' ? newKey('X25519') : undefined;
  const only = (key: PrivateKey | undefined) => (kid: string) => (kid === key?.kid ? key : undefined);
  return {
    id,
    kind,
    name: `The ${id}`,
    identity,
    signing,
    sealing,
    mask,
    broker: newBrokerKey(),
    keyring: {
      signing,
      sealing: only(sealing),
      mask: only(mask),
      secret: (purpose) => secretFrom(sealing, purpose),
    },
  };
}

/** The directory in which the operator admits exactly these. */
export async function directoryFileOf(all: readonly Party[], operator: SigningKey): Promise<DirectoryFile> {
  const admitted = all.map(({ id, identity }) => ({ id, identity: identity.kid }));
  const admission = { type: 'anonymesh/admission/v1', serial: 1, issuedAt: Date.now(), admitted } as const;
  return {
    admission: await signAdmission(admission, operator),
    entries: await Promise.all(all.map((each) => entryOf(each))),
  };
}

function entryOf({ id, kind, name, identity, signing, sealing, mask, broker }: Party): Promise<string> {
  const text = publicBytes(identity).toString('base64url');
  if (fingerprintOf(text) !== identity.kid) throw new Error('a fingerprint is the id of the identity key');
  return signEntry(
    {
      type: 'anonymesh/entry/v1',
      id,
      kind,
      name,
      serial: 1,
      identity: text,
      signing: [published(signing)],
      sealing: [published(sealing)],
      mask: mask === undefined ? [] : [published(mask)],
      broker: broker.publicKey,
    },
    identity,
  );
}

function published(key: OwnKey): PublishedKey {
  const now = Date.now();
  return { kid: key.kid, key: publicBytes(key).toString('base64url'), from: now - day, until: now + 365 * day };
}
