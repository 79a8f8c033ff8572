// Makes the example's draft an agreement: templates signed by their authors and reviewers, identities and hashes filled
// in, and everything signed by all parties.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rightToRemain } from '@anonymesh/examples';
import { agreement, type Agreement, type PartyId, type PrivateKey } from '@anonymesh/protocol';
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

/** Terms that differ from the example's. */
export type Terms = Partial<Pick<Agreement, 'deadlineSeconds' | 'combination'>>;

type Fingerprints = ReadonlyMap<PartyId, string>;

/** The templates that the sandbox's holders run: for the back ends that need no server. */
const templateFiles: Readonly<Record<string, string>> = {
  hmrc: 'hmrc.sqlite.yaml',
  dwp: 'dwp.yaml',
  council: 'council.sqlite.yaml',
};

export async function fillAgreement(dir: string, identities: Fingerprints, terms: Terms): Promise<Agreement> {
  const draft = parse(await readFile(join(rightToRemain, 'agreement.yaml'), 'utf8')) as Agreement;
  const parties = draft.parties.map((party) => ({ ...party, identity: identities.get(party.id) }));
  const holders = await Promise.all(
    draft.holders.map(async (holder) => ({ ...holder, template: await installTemplate(dir, holder.id) })),
  );
  return agreement.parse({ ...draft, parties, holders, ...terms });
}

/** Puts a holder's template into its folder, signed by two people of that holder. */
async function installTemplate(dir: string, holder: PartyId) {
  const places = placesOf(dir, holder);
  const file = templateFiles[holder];
  if (file === undefined) throw new Error(`no template for ${holder}`);
  await mkdir(places.templates, { recursive: true });
  const from = join(rightToRemain, 'templates', file);
  await copyFile(from, join(places.templates, file));
  const content = template.parse(parse(await readFile(from, 'utf8')));
  const [author, reviewer] = ['template-author', 'template-reviewer'].map((name) => person(places.key(name)));
  if (author === undefined || reviewer === undefined) throw new Error('two people sign a template');
  const signatures = [signTemplate(content, author), signTemplate(content, reviewer)];
  await writeFile(join(places.templates, file.replace(/\.yaml$/, '.signatures.json')), JSON.stringify(signatures));
  const [authorPrint, reviewerPrint] = signatures.map(({ identity }) => fingerprintOf(identity));
  return { hash: templateHashOf(content), author: authorPrint, reviewer: reviewerPrint };
}

function person(file: string): PrivateKey {
  const key = newKey('Ed25519');
  writeKeyFile(file, key);
  return key;
}

export function signByAll(content: Agreement, identities: ReadonlyMap<PartyId, PrivateKey>): AgreementSignatures {
  const signatures: AgreementSignatures = {};
  for (const { id } of content.parties) {
    const identity = identities.get(id);
    if (identity === undefined) throw new Error(`no identity of ${id}`);
    signatures[id] = signAgreement(content, id, identity);
  }
  return signatures;
}

export function fingerprintOfKey(key: PrivateKey): string {
  return fingerprintOf(publicBytes(key).toString('base64url'));
}
