// Which certificates a node uses, and to which machines it talks without any: as its config has it.
import { readFileSync } from 'node:fs';
import { addressOf, type Certified } from '@anonymesh/runtime';
import type { NodeConfig, NodeStoreConfig } from '../node-config.js';

export interface Connections {
  readonly certified: readonly Certified[];
  readonly plainly: readonly string[];
}

export function certificatesOf({ listen, broker, store }: NodeConfig & NodeStoreConfig): Connections {
  const storeTls = store.kind === 'postgres' ? store.tls : undefined;
  return {
    certified: [
      ...(broker.tls === undefined ? [] : [{ role: 'broker' as const, files: broker.tls }]),
      ...(listen.tls === undefined ? [] : [{ role: 'http' as const, files: listen.tls }]),
      ...(storeTls === undefined ? [] : [{ role: 'store' as const, files: storeTls }]),
    ],
    plainly: store.kind === 'postgres' && storeTls === undefined ? hostIn(readFileSync(store.url, 'utf8').trim()) : [],
  };
}

/** The machine that a connection string leads to. */
export function hostIn(url: string): string[] {
  return URL.canParse(url) && new URL(url).hostname !== '' ? [addressOf(url).host] : [];
}
