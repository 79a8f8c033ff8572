// A certificate authority: a key, and a certificate by which it is known.
import { randomBytes } from 'node:crypto';
import { ofAuthority } from './extensions.js';
import { privateKeyPem } from './private-key.js';
import { algorithm, newPair, X509CertificateGenerator } from './x509.js';

export interface Authority {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. Whoever has it can let anybody knock at the broker. */
  readonly key: string;
}

export interface NewAuthority {
  /** What people call it. */
  readonly name: string;
  readonly days: number;
  /** The DNS domains below which alone it may name machines; none for all. */
  readonly domains?: readonly string[];
}

/** Makes an authority with a key of its own. */
export async function newAuthority({ name, days, domains = [] }: NewAuthority): Promise<Authority> {
  const keys = await newPair();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: [name] }],
    ...validFor(days),
    keys,
    signingAlgorithm: algorithm,
    extensions: await ofAuthority(keys.publicKey, domains),
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: await privateKeyPem(keys.privateKey) };
}

/** 16 random bytes, positive and not shortened (RFC 5280, 4.1.2.2). */
export function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

const day = 86_400_000;
/** Clocks differ: what was issued just now is valid everywhere at once. */
const early = 3_600_000;

export function validFor(days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - early), notAfter: new Date(Date.now() + days * day) };
}
