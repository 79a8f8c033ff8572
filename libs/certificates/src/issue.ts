// Issues certificates of machines under an authority: from a request, so that a private key never leaves its machine, or
// with a key made on the spot.
import { X509Certificate as Parsed, type webcrypto } from 'node:crypto';
import { newSerial, validFor, type Authority } from './authority.js';
import { domainsOf } from './constraints.js';
import { ofMachine, type OfMachine, type Role } from './extensions.js';
import { isWithin } from './names.js';
import { privateKeyPem, readPrivateKey } from './private-key.js';
import {
  algorithm,
  newPair,
  Pkcs10CertificateRequest,
  publicKeyOf,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from './x509.js';

export type { Role } from './extensions.js';

export interface Issuing extends OfMachine {
  /** The subject's common name: for people who read it. */
  readonly name: string;
  readonly days: number;
}

/** Both PEM. */
export async function issue(authority: Authority, issuing: Issuing): Promise<{ certificate: string; key: string }> {
  const keys = await newPair();
  const certificate = await sign(authority, issuing, keys.publicKey);
  return { certificate, key: await privateKeyPem(keys.privateKey) };
}

/**
 * The certificate, PEM, for the key of a request (PKCS #10, PEM). Of the request counts the key alone: names and use are
 * the issuer's to say. Throws where the request is none, or was not signed with its key.
 */
export async function issueFor(authority: Authority, issuing: Issuing, request: string): Promise<string> {
  const read = readRequest(request);
  if (!(await read.verify())) throw new Error('the request is not signed with the key that it is for');
  return sign(authority, issuing, await publicKeyOf(read));
}

/**
 * A new certificate, PEM, for the key, the names and the use of an older one. Throws unless one of `makers`, the
 * certificates of this authority and its forerunners, made it: anybody can write what names they like into one of their
 * own. One that has expired is not renewed, or who was let go long ago would be back.
 */
export async function reissue(
  authority: Authority,
  { certificate, makers }: { readonly certificate: string; readonly makers: readonly string[] },
  days: number,
): Promise<string> {
  const old = new X509Certificate(certificate);
  const made = await Promise.all(makers.map((maker) => isMadeBy(old, new X509Certificate(maker))));
  if (!made.includes(true)) throw new Error('this CA did not make that certificate');
  if (old.notAfter.getTime() < Date.now()) throw new Error('it has expired: issue one for a new request');
  const { dns, ip, url } = Object.groupBy(
    old.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [],
    ({ type }) => type,
  );
  const values = (names: readonly { readonly value: string }[] | undefined) => names?.map(({ value }) => value) ?? [];
  const issuing: Issuing = {
    name: old.subjectName.getField('CN')[0] ?? '',
    names: { dns: values(dns), ip: values(ip) },
    party: values(url)[0]?.replace(/^urn:anonymesh:party:/, ''),
    role: roleOf(certificate),
    days,
  };
  return sign(authority, issuing, await publicKeyOf(old));
}

async function isMadeBy(certificate: X509Certificate, maker: X509Certificate): Promise<boolean> {
  if (certificate.issuer !== maker.subject) return false;
  return certificate.verify({ publicKey: await publicKeyOf(maker), signatureOnly: true });
}

function roleOf(certificate: string): Role {
  const serverAuth = '1.3.6.1.5.5.7.3.1';
  return (new Parsed(certificate).keyUsage ?? []).includes(serverAuth) ? 'server' : 'client';
}

async function sign(authority: Authority, issuing: Issuing, subject: webcrypto.CryptoKey): Promise<string> {
  const issuer = new X509Certificate(authority.certificate);
  const key = await readPrivateKey(authority.key);
  const domains = domainsOf(authority.certificate);
  const outside = domains.length === 0 ? undefined : issuing.names.dns.find((name) => !isWithin(name, domains));
  if (outside !== undefined)
    throw new Error(`${outside} is not within ${domains.join(', ')}, to which this CA is bound`);
  const { notBefore, notAfter } = validFor(issuing.days);
  const issuerKey = await publicKeyOf(issuer);
  if (!(await issuer.verify({ publicKey: issuerKey, signatureOnly: true }))) throw new Error('the CA is not whole');
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: [issuing.name] }],
    issuer: issuer.subject,
    notBefore,
    // Nothing outlives who vouches for it.
    notAfter: notAfter < issuer.notAfter ? notAfter : issuer.notAfter,
    publicKey: subject,
    signingKey: key,
    signingAlgorithm: algorithm,
    extensions: await ofMachine(issuing, { subject, issuer: issuerKey }),
  });
  const fits = await certificate.verify({ publicKey: issuerKey, signatureOnly: true });
  if (!fits) throw new Error('the key of the CA is not the one of its certificate');
  return `${certificate.toString('pem')}\n`;
}

function readRequest(pem: string): Pkcs10CertificateRequest {
  try {
    return new Pkcs10CertificateRequest(pem);
  } catch (cause) {
    throw new Error('not a certificate request (PKCS #10, PEM)', { cause });
  }
}
