// What the files of a TLS config hold now. A renewed certificate takes effect at the next handshake; while its files are
// being replaced and do not fit together, the last that did are used.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { certificatesIn } from './pem.js';
import type { TlsFiles } from './tls-files.js';

/** PEM, named as Node's TLS and the clients of databases name them. */
export interface Credentials {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export class TlsFault extends Error {
  override readonly name = 'TlsFault';

  constructor(
    readonly code: 'unreadable' | 'key-differs',
    /** The file that is at fault. */
    readonly file: string,
    cause?: unknown,
  ) {
    super(`${file}: ${code === 'unreadable' ? 'cannot be read' : 'not the key of the certificate'}`, { cause });
  }
}

/** Throws a TlsFault. */
export function readCredentials({ ca, certificate, key }: TlsFiles): Credentials {
  const cert = certificate === undefined ? undefined : readPem(certificate);
  const secret = key === undefined ? undefined : read(key);
  if (cert !== undefined && secret !== undefined && key !== undefined) requireFit(cert, secret, key);
  return {
    ...(ca === undefined ? {} : { ca: readPem(ca) }),
    ...(cert === undefined ? {} : { cert }),
    ...(secret === undefined ? {} : { key: secret }),
  };
}

/** Files are looked at no more often than this, in milliseconds: many connections may be made at once. */
const patience = 1000;

/**
 * Credentials that are read anew when they are used. Throws a TlsFault where the files are not sound at first; later it
 * never does, for they are read where nobody could catch it.
 */
export function liveCredentials(files: TlsFiles): Credentials {
  let latest = readCredentials(files);
  let readAt = Date.now();
  const now = () => {
    if (Date.now() - readAt < patience) return latest;
    readAt = Date.now();
    try {
      latest = readCredentials(files);
    } catch (error) {
      if (!(error instanceof TlsFault)) throw error;
    }
    return latest;
  };
  const live: Credentials = {};
  for (const name of Object.keys(latest) as (keyof Credentials)[]) {
    Object.defineProperty(live, name, { get: () => now()[name], enumerable: true, configurable: true });
  }
  return live;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new TlsFault('unreadable', file, cause);
  }
}

function readPem(file: string): string {
  const text = read(file);
  try {
    const found = certificatesIn(text);
    for (const each of found) new X509Certificate(each);
    if (found.length > 0) return found.join('');
  } catch (cause) {
    throw new TlsFault('unreadable', file, cause);
  }
  throw new TlsFault('unreadable', file);
}

function requireFit(cert: string, secret: string, file: string): void {
  let fits: boolean;
  try {
    const [first = ''] = certificatesIn(cert);
    fits = new X509Certificate(first).checkPrivateKey(createPrivateKey(secret));
  } catch (cause) {
    throw new TlsFault('unreadable', file, cause);
  }
  if (!fits) throw new TlsFault('key-differs', file);
}
