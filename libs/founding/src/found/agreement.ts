// Makes an example's drafts agreements: templates signed by their authors and reviewers, identities and hashes filled in,
// and everything signed by all parties.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  agreement,
  type Agreement,
  type HolderTerms,
  type PartyId,
  type PrivateKey,
  type SigningKey,
} from '@anonymesh/protocol';
import {
  fingerprintOf,
  newKey,
  publicBytes,
  signAgreement,
  signTemplate,
  template,
  templateHashOf,
  writeKeyFile,
  type AgreementSignatures,
} from '@anonymesh/trust';
import { parse } from 'yaml';
import { placesOf } from './places.js';

/** Terms that differ from the drafts', by the agreement's id. */
export type ChangedTerms = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

type Fingerprints = ReadonlyMap<PartyId, string>;

export async function fillAgreement(
  draft: string,
  identities: Fingerprints,
  templates: ReadonlyMap<PartyId, HolderTerms['template']>,
  changed: ChangedTerms,
  auditor: PrivateKey,
): Promise<Agreement> {
  const written = parse(await readFile(draft, 'utf8')) as Agreement;
  const content = { ...written, ...changed[written.id] };
  const parties = content.parties.map((party) => ({ ...party, identity: identities.get(party.id) }));
  const holders = content.holders.map((holder) => ({ ...holder, template: templates.get(holder.id) }));
  const sealing = publicBytes(auditor).toString('base64url');
  const audited = content.auditor === undefined ? {} : { auditor: { ...content.auditor, sealing } };
  return agreement.parse({ ...content, ...audited, parties, holders });
}

/** Puts a holder's template into its folder, signed by two people of that holder. */
export async function installTemplate(dir: string, holder: PartyId, file: string): Promise<HolderTerms['template']> {
  const places = placesOf(dir, holder);
  await mkdir(places.templates, { recursive: true });
  await copyFile(file, join(places.templates, basename(file)));
  const content = template.parse(parse(await readFile(file, 'utf8')));
  const [author, reviewer] = [person(places.key('template-author')), person(places.key('template-reviewer'))];
  const signatures = [await signTemplate(content, author), await signTemplate(content, reviewer)] as const;
  const beside = basename(file).replace(/\.yaml$/, '.signatures.json');
  await writeFile(join(places.templates, beside), JSON.stringify(signatures));
  const [authored, reviewed] = signatures;
  return {
    hash: templateHashOf(content),
    author: fingerprintOf(authored.identity),
    reviewer: fingerprintOf(reviewed.identity),
  };
}

function person(file: string): SigningKey {
  const key = newKey('Ed25519');
  writeKeyFile(file, key);
  return key;
}

export async function signByAll(
  content: Agreement,
  identities: ReadonlyMap<PartyId, SigningKey>,
): Promise<AgreementSignatures> {
  const signatures: AgreementSignatures = {};
  for (const { id } of content.parties) {
    const identity = identities.get(id);
    if (identity === undefined) throw new Error(`no identity of ${id}`);
    signatures[id] = await signAgreement(content, id, identity);
  }
  return signatures;
}

export function fingerprintOfKey(key: SigningKey): string {
  return fingerprintOf(publicBytes(key).toString('base64url'));
}
