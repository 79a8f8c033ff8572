// Many parties on paper: 100 holders and 1,000 requesters, in agreements of 40 requesters and 4 holders each, every one
// with keys of its own, and everything signed by all.
import { agreement, type DirectoryFile, type PartyId } from '@anonymesh/protocol';
import type { Self } from '@anonymesh/courier';
import {
  checkAgreement,
  newKey,
  publicBytes,
  readDirectory,
  signAgreement,
  type AgreementSignatures,
  type SignedAgreement,
} from '@anonymesh/trust';
import { directoryFileOf, makeParty, type Party } from '../../../tests/mesh/make-parties.js';
import { rightToRemain } from '../../../tests/mesh/right-to-remain.js';

export interface LargeMesh {
  readonly all: readonly Party[];
  readonly directoryFile: DirectoryFile;
  /** base64url of the operator's public key. */
  readonly operator: string;
  readonly agreements: readonly { readonly signed: SignedAgreement; readonly signatures: AgreementSignatures }[];
  /** The one agreement that a requester or a holder is party to. */
  agreementOf(id: PartyId): SignedAgreement;
  self(id: PartyId): Self;
}

export interface MeshSize {
  readonly holders: number;
  readonly requesters: number;
}

const holdersInEach = 4;

export async function makeLargeMesh(size: MeshSize): Promise<LargeMesh> {
  const holders = partiesOf('holder', size.holders);
  const requesters = partiesOf('requester', size.requesters);
  const operators = [
    makeParty('coordinator', 'coordinator'),
    makeParty('aggregator', 'aggregator'),
    makeParty('appeal-portal', 'portal'),
  ];
  const all = [...operators, ...holders, ...requesters];
  const key = newKey('Ed25519');
  const operator = publicBytes(key).toString('base64url');
  const directoryFile = await directoryFileOf(all, key);
  const directory = readDirectory(directoryFile, operator)?.directory;
  if (directory === undefined) throw new Error('the directory cannot be read');
  const count = Math.ceil(size.holders / holdersInEach);
  const agree = async (index: number) => {
    const named = [...requesters.filter((_each, at) => at % count === index), ...operators];
    const parties = [...named, ...holders.slice(index * holdersInEach, (index + 1) * holdersInEach)];
    const listed = parties.map(({ id, kind, name, identity }) => ({ id, kind, name, identity: identity.kid }));
    const content = agreement.parse({ ...rightToRemain(listed), id: `agreement-${letters(index)}` });
    const signing = parties.map(async ({ id, identity }) => [id, await signAgreement(content, id, identity)] as const);
    const signatures = Object.fromEntries(await Promise.all(signing));
    return { signed: checkAgreement(content, signatures, directory), signatures };
  };
  const agreements = await Promise.all(Array.from({ length: count }, (_, index) => agree(index)));
  const byId = new Map(all.map((each) => [each.id, each]));
  const own = new Map(agreements.flatMap(({ signed }) => signed.content.parties.map(({ id }) => [id, signed])));
  const found = <Value>(map: ReadonlyMap<PartyId, Value>, id: PartyId): Value => {
    const value = map.get(id);
    if (value === undefined) throw new Error(`${id} is not in this mesh`);
    return value;
  };
  return {
    all,
    directoryFile,
    operator,
    agreements,
    agreementOf: (id) => found(own, id),
    self: (id) => ({ id, kind: found(byId, id).kind, keyring: found(byId, id).keyring, directory }),
  };
}

function partiesOf(kind: 'holder' | 'requester', count: number): Party[] {
  return Array.from({ length: count }, (_, index) => makeParty(`${kind}-${letters(index)}`, kind));
}

/** An id may not look like a number. */
function letters(index: number): string {
  return [676, 26, 1].map((place) => String.fromCharCode(97 + (Math.floor(index / place) % 26))).join('');
}
