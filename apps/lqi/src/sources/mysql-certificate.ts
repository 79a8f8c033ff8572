// When the certificate ends that a server of MySQL or MariaDB shows: it tells that to who has signed in, on a connection
// of its own, for those of the pool may be older than the certificate.
import type { TlsFiles } from '@anonymesh/runtime';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { securedBy } from './mysql-tls.js';

/** Milliseconds since 1970; undefined where it does not tell. Rejects where nobody can sign in: that is told elsewhere. */
export async function endOfCertificate(url: string, tls: TlsFiles): Promise<number | undefined> {
  const connection = await mysql.createConnection({ uri: url, connectTimeout: 1500, ssl: securedBy(url, tls) });
  try {
    const [rows] = await connection.query<RowDataPacket[]>("show session status like 'Ssl_server_not_after'");
    const told = Date.parse(String((rows[0] as { Value?: string } | undefined)?.Value));
    return Number.isNaN(told) ? undefined : told;
  } finally {
    await connection.end();
  }
}
