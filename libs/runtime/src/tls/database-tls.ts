// TLS to a database: whose certificates are accepted, and of which machine. The connection string must say nothing of TLS,
// for its word would count for more than the config's.
import { liveCredentials, type Credentials } from './credentials.js';
import { identifyServer, type IdentityCheck } from './server-identity.js';
import type { TlsFiles } from './tls-files.js';

/** As the clients of databases hand it to Node's TLS; files are read anew for each handshake. */
export interface DatabaseTls extends Credentials {
  readonly checkServerIdentity: IdentityCheck;
}

/** Throws, without repeating anything of the connection string, where it cannot be used with TLS of the config. */
export function openDatabaseTls(url: string, files: TlsFiles): DatabaseTls {
  requireNoTlsIn(url);
  if (!URL.canParse(url)) throw new Error('the connection string is no address of one server');
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return Object.defineProperty(liveCredentials(files), 'checkServerIdentity', {
    value: identifyServer([host]),
    enumerable: true,
  }) as DatabaseTls;
}

export function requireNoTlsIn(url: string): void {
  const settings = new URLSearchParams(url.split('?')[1] ?? '');
  if ([...settings.keys()].some((name) => /^(ssl|tls)/i.test(name)))
    throw new Error('the connection string has settings of TLS: say them under tls in the config file alone');
}
