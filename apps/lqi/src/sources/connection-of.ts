// How the holder's database is reached, as the checks look at it: by which certificates, by which secrets.
import { readFileSync } from 'node:fs';
import { hostIn, type Connections } from '@anonymesh/courier';
import type { SourceConfig } from './source-config.js';

export function connectionOf(source: SourceConfig): Connections {
  if (!('url' in source)) return { certified: [], plainly: [] };
  const { tls, url } = source;
  return tls === undefined
    ? { certified: [], plainly: hostIn(readFileSync(url, 'utf8').trim()) }
    : { certified: [{ role: 'records', files: tls }], plainly: [] };
}

/** The files that nobody else may read. */
export function secretsOf(source: SourceConfig): string[] {
  if (!('url' in source)) return [];
  return [source.url, ...(source.tls?.key === undefined ? [] : [source.tls.key])];
}
