// How the holder's database is reached, as the checks look at it: by which certificates, by which secrets.
import { databaseBy, type Connections } from '@anonymesh/courier';
import { readFileSync } from 'node:fs';
import { endOfCertificate } from './mysql-certificate.js';
import type { SourceConfig } from './source-config.js';

export function connectionOf(source: SourceConfig): Connections {
  if (!('url' in source)) return { certified: [], plainly: [], servers: [] };
  const found = databaseBy('records', source);
  const { kind, url, tls } = source;
  if (kind !== 'mysql' || tls === undefined) return found;
  const ends = () => endOfCertificate(readFileSync(url, 'utf8').trim(), tls);
  return { ...found, servers: [{ role: 'records', endOfCertificate: ends }] };
}

/** The files that nobody else may read. */
export function secretsOf(source: SourceConfig): string[] {
  if (!('url' in source)) return [];
  return [source.url, ...(source.tls?.key === undefined ? [] : [source.tls.key])];
}
