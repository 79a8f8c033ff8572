// The extensions of our certificates (RFC 5280, section 4.2): what each may be used for, and nothing else.
import type { webcrypto } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509';
import { partyUri, type Names } from './names.js';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
} from './x509.js';

/** `client`: towards the broker or a database. `server`: of an HTTP server, the broker or a database. */
export type Role = 'client' | 'server';

const uses = { client: ExtendedKeyUsage.clientAuth, server: ExtendedKeyUsage.serverAuth };

/** `domains`: below which alone it may name machines; none for all. */
export async function ofAuthority(publicKey: webcrypto.CryptoKey, domains: readonly string[]): Promise<Extension[]> {
  return [
    // It signs certificates of machines, and makes no further authority.
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    await SubjectKeyIdentifierExtension.create(publicKey),
    ...(domains.length === 0 ? [] : [constraintTo(domains)]),
  ];
}

function constraintTo(domains: readonly string[]): Extension {
  const subtrees = domains.map((domain) => new GeneralSubtree({ base: new GeneralName({ dNSName: domain }) }));
  const constraints = new NameConstraints({ permittedSubtrees: new GeneralSubtrees(subtrees) });
  return new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraints));
}

export interface OfMachine {
  readonly role: Role;
  readonly names: Names;
  /** Of a client certificate: whose it is. */
  readonly party?: string | undefined;
}

export async function ofMachine(
  { role, names, party }: OfMachine,
  keys: { readonly subject: webcrypto.CryptoKey; readonly issuer: webcrypto.CryptoKey },
): Promise<Extension[]> {
  const alternatives = alternativeNames(names, party);
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([uses[role]]),
    await SubjectKeyIdentifierExtension.create(keys.subject),
    await AuthorityKeyIdentifierExtension.create(keys.issuer),
    ...(alternatives === undefined ? [] : [alternatives]),
  ];
}

export function alternativeNames(names: Names, party: string | undefined): SubjectAlternativeNameExtension | undefined {
  const all = [
    ...names.dns.map((value) => ({ type: 'dns' as const, value })),
    ...names.ip.map((value) => ({ type: 'ip' as const, value })),
    ...(party === undefined ? [] : [{ type: 'url' as const, value: partyUri(party) }]),
  ];
  return all.length === 0 ? undefined : new SubjectAlternativeNameExtension(all);
}
