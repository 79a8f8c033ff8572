// Certificates for tests, good ones and bad: of an authority of the test's own, with any dates.
import { createPrivateKey, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issue, newAuthority, type Authority } from '@anonymesh/certificates';
// Its polyfill must be there first.
import 'reflect-metadata';
import { X509Certificate, X509CertificateGenerator } from '@peculiar/x509';

const day = 86_400_000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface Files {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export interface Making {
  readonly role: 'client' | 'server';
  readonly party?: string;
  readonly hosts?: readonly string[];
  /** Days from now. */
  readonly from?: number;
  readonly until?: number;
  /** Whose `ca` the files name, where it is not who issued it. */
  readonly accepts?: Authority;
}

export interface CertificateFolder {
  readonly path: (name: string) => string;
  readonly authority: Authority;
  readonly other: Authority;
  /** Writes NAME.pem, NAME-key.pem and NAME-ca.pem. */
  make(name: string, making: Making, by?: Authority): Promise<Files>;
  remove(): void;
}

export async function openCertificates(): Promise<CertificateFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'anonymesh-certificates-'));
  const [authority, other] = await Promise.all([
    newAuthority({ name: 'Test', days: 3650 }),
    newAuthority({ name: 'Other', days: 3650 }),
  ]);
  const path = (name: string) => join(folder, name);
  return {
    path,
    authority,
    other,
    make: async (name, { role, party, hosts = [], from = -1, until = 365, accepts = authority }, by = authority) => {
      const names = {
        dns: hosts.filter((host) => /[a-z]/.test(host)),
        ip: hosts.filter((host) => !/[a-z]/.test(host)),
      };
      const made = await issue(by, { name: party ?? name, role, names, party, days: 365 });
      const files = { ca: path(`${name}-ca.pem`), certificate: path(`${name}.pem`), key: path(`${name}-key.pem`) };
      writeFileSync(files.ca, accepts.certificate);
      writeFileSync(files.certificate, await redated(made.certificate, by, from, until));
      writeFileSync(files.key, made.key, { mode: 0o600 });
      return files;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

async function redated(certificate: string, by: Authority, from: number, until: number): Promise<string> {
  const { subject, issuer, publicKey, extensions } = new X509Certificate(certificate);
  const der = createPrivateKey(by.key).export({ format: 'der', type: 'pkcs8' });
  const signingKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
  const [notBefore, notAfter] = [from, until].map((days) => new Date(Date.now() + days * day));
  const made = await X509CertificateGenerator.create({
    ...{ subject, issuer, publicKey, extensions, signingKey },
    ...{ notBefore: notBefore as Date, notAfter: notAfter as Date, signingAlgorithm: algorithm },
  });
  return `${made.toString('pem')}\n`;
}
