// A folder of `mesh ca`: the authority's key, its certificate, and what all others are given, the certificates that are
// accepted now. After a change of the authority that file has the old one, too, until it has run out.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeCertificate, type Authority } from '@anonymesh/certificates';
import { replaceFile } from '../replace-file.js';
import { named, No } from '../telling/no.js';

function placesIn(folder: string) {
  return {
    /** For everybody: what a config's `ca` names. */
    accepted: join(folder, 'ca.pem'),
    certificate: join(folder, 'ca-newest.pem'),
    key: join(folder, 'ca-key.pem'),
  };
}

/** Throws, naming the file, where it is not there or others may read its key. */
export function readAuthority(folder: string): Authority {
  const { certificate, key } = placesIn(folder);
  if (named(() => statSync(key).mode & 0o077) !== 0)
    throw new No('refused', `${key}: others may read this key: chmod 600`);
  return named(() => {
    const pem = readFileSync(key, 'utf8');
    return { certificate: certificateOf(pem, [readFileSync(certificate, 'utf8'), ...readAccepted(folder)]), key: pem };
  });
}

/** A change of the authority that was cut short between its files has left the one before as the newest. */
function certificateOf(key: string, candidates: readonly string[]): string {
  const found = candidates.find((each) => new X509Certificate(each).checkPrivateKey(createPrivateKey(key)));
  if (found === undefined) throw new No('usage', 'none of the certificates that are accepted is of this key');
  return found;
}

/** Of the authority and of those before it that have not run out. */
export function readAccepted(folder: string): string[] {
  return certificatesIn(named(() => readFileSync(placesIn(folder).accepted, 'utf8')));
}

export function keepAuthority(folder: string, { certificate, key }: Authority): { accepted: string; key: string } {
  const places = placesIn(folder);
  named(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  if (existsSync(places.key))
    throw new No('usage', `${places.key}: there is a CA already; mesh ca renew makes the next`);
  writeFileSync(places.key, key, { mode: 0o600, flag: 'wx' });
  writeFileSync(places.certificate, certificate);
  writeFileSync(places.accepted, certificate);
  return places;
}

/** The next authority takes over; the ones before stay accepted until they run out. */
export function replaceAuthority(folder: string, { certificate, key }: Authority): { accepted: string; count: number } {
  const places = placesIn(folder);
  const before = certificatesIn(readFileSync(places.accepted, 'utf8')).filter(
    (each) => describeCertificate(each).until > Date.now(),
  );
  replaceFile(places.accepted, [certificate, ...before].join(''), 0o644);
  replaceFile(places.key, key, 0o600);
  replaceFile(places.certificate, certificate, 0o644);
  return { accepted: places.accepted, count: before.length + 1 };
}

export function certificatesIn(pem: string): string[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g)].map(([text]) => `${text}\n`);
}
