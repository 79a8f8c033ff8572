// TLS to a server of MySQL or MariaDB, as its client takes it.
import { openDatabaseTls, type TlsFiles } from '@anonymesh/runtime';
import { isIP } from 'node:net';
import type { SslOptions } from 'mysql2/promise';

/** Throws where the client could not tell that server from another one: it compares names only. */
export function securedBy(url: string, tls: TlsFiles): SslOptions {
  if (URL.canParse(url) && isIP(new URL(url).hostname.replace(/^\[|\]$/g, '')) !== 0)
    throw new Error('with tls, the connection string names the machine, and not its address');
  return Object.assign(openDatabaseTls(url, tls), { rejectUnauthorized: true, verifyIdentity: true }) as SslOptions;
}
