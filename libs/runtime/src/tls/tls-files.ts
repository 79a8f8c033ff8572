// TLS in a config file: names of files, so that they can be renewed while the process runs. What is wrong with them is said
// as of any other key of the config.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { path, secretFile } from '../config-path.js';
import { certificatesIn } from './pem.js';

/** Absolute paths. `ca`: whose certificates are accepted of the other side. */
export interface TlsFiles {
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

const ca = () =>
  certificateFile().describe(
    'Certificates of the authorities that may vouch for the other side (PEM). While one follows another, both.',
  );
const certificate = () =>
  certificateFile().describe('The certificate, and after it those between it and its authority.');
const key = () => secretFile().describe('The certificate’s private key (PEM).');

/** Of a client that proves who it is: towards the broker. */
export function mutualTls() {
  return z.strictObject({ ca: ca(), certificate: certificate(), key: key() }).superRefine(requireFit);
}

/** Of a client of a database, which may ask for a certificate or for a password alone. */
export function databaseTls() {
  return z
    .strictObject({ ca: ca(), certificate: certificate().optional(), key: key().optional() })
    .superRefine((files, context) => {
      if ((files.certificate === undefined) === (files.key === undefined)) return requireFit(files, context);
      const lacking = files.key === undefined ? 'key' : 'certificate';
      context.addIssue({
        code: 'custom',
        path: [lacking],
        message: 'missing',
        params: { fix: 'give both or neither' },
      });
    });
}

/** Of a server. */
export function serverTls() {
  return z.strictObject({ certificate: certificate(), key: key() }).superRefine(requireFit);
}

/** The absolute path of a file with one certificate or more. */
function certificateFile() {
  return path()
    .superRefine((file, context) => {
      const wrong = wrongWithCertificates(file);
      if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong.fault, params: { fix: wrong.fix } });
    })
    .meta({ title: 'path of certificates (PEM)' });
}

function wrongWithCertificates(file: string): { fault: string; fix: string } | undefined {
  try {
    const found = certificatesIn(readFileSync(file, 'utf8'));
    for (const each of found) new X509Certificate(each);
    return found.length > 0 ? undefined : { fault: 'no certificate in it', fix: 'put the certificate there, as PEM' };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return { fault: 'no such file', fix: 'put the certificate there, or correct the path' };
    if (code === 'EACCES') return { fault: 'cannot be read', fix: 'let the process’s own user read it' };
    return { fault: 'not a certificate', fix: 'put the certificate there, as PEM' };
  }
}

interface Complaining {
  addIssue(issue: { code: 'custom'; path: string[]; message: string; params: { fix: string } }): void;
}

function requireFit({ certificate, key }: TlsFiles, context: Complaining): void {
  if (certificate === undefined || key === undefined) return;
  const message = misfit(certificate, key);
  if (message === undefined) return;
  context.addIssue({ code: 'custom', path: ['key'], message, params: { fix: 'name the key of this certificate' } });
}

function misfit(certificate: string, key: string): string | undefined {
  // What is wrong with the certificate was said of it.
  if (wrongWithCertificates(certificate) !== undefined) return undefined;
  const [first = ''] = certificatesIn(readFileSync(certificate, 'utf8'));
  try {
    const fits = new X509Certificate(first).checkPrivateKey(createPrivateKey(readFileSync(key)));
    return fits ? undefined : 'not the key of the certificate';
  } catch {
    return existsSync(key) ? 'not a private key' : undefined;
  }
}
