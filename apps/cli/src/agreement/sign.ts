// Signs an agreement for a party: with the identity key that the agreement itself pins for it, and only what lints.
import { dirname } from 'node:path';
import { readKeyFile, signAgreement } from '@anonymesh/trust';
import { agreementHashOf, type PartyId } from '@anonymesh/protocol';
import { replaceFile } from '../replace-file.js';
import { named, No } from '../telling/no.js';
import { readAgreement, readSignatures, signaturesFileOf } from './read-agreements.js';
import { requireSound } from './require-sound.js';

export interface Signing {
  readonly hash: string;
  readonly party: PartyId;
  readonly file: string;
  /** Whose signature is still missing in that file; verified it is by `agreement verify`. */
  readonly missing: readonly PartyId[];
}

export async function signFile(file: string, keyFile: string, today: string): Promise<Signing> {
  const draft = readAgreement(file);
  requireSound(draft, dirname(file), today);
  const identity = named(() => readKeyFile(keyFile, 'Ed25519'));
  const { content } = draft;
  const party = content.parties.find((each) => each.identity === identity.kid);
  if (party === undefined)
    throw new No('refused', `${keyFile}: no party to this agreement has this identity (${identity.kid})`);
  const signatures = { ...readSignatures(file), [party.id]: await signAgreement(content, party.id, identity) };
  const target = signaturesFileOf(file);
  replaceFile(target, `${JSON.stringify(signatures, undefined, 2)}\n`);
  const missing = content.parties.map(({ id }) => id).filter((id) => signatures[id] === undefined);
  return { hash: agreementHashOf(content), party: party.id, file: target, missing };
}
