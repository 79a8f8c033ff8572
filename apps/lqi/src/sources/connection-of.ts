// How the holder's database is reached, as the checks look at it: by which certificates, by which secrets.
import { databaseBy, type Connections } from '@anonymesh/courier';
import type { SourceConfig } from './source-config.js';

export function connectionOf(source: SourceConfig): Connections {
  return 'url' in source ? databaseBy('records', source) : { certified: [], plainly: [], servers: [] };
}

/** The files that nobody else may read. */
export function secretsOf(source: SourceConfig): string[] {
  if (!('url' in source)) return [];
  return [source.url, ...(source.tls?.key === undefined ? [] : [source.tls.key])];
}
