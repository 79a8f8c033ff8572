// Which certificates a node uses, which it is shown, and to which machines it talks without any: as its config has it.
import { readFileSync } from 'node:fs';
import { addressOf, type Certified, type Server, type TlsFiles } from '@anonymesh/runtime';
import type { NodeConfig, NodeStoreConfig } from '../node-config.js';

export interface Connections {
  readonly certified: readonly Certified[];
  readonly plainly: readonly string[];
  readonly servers: readonly Server[];
}

/** A config, where the app has pages for people with these. */
export type ServingConfig = NodeConfig &
  NodeStoreConfig & { readonly pages?: { readonly publicUrl: string } | undefined };

export function certificatesOf({ listen, broker, store, pages }: ServingConfig): Connections {
  const { tls } = broker;
  const stored = store.kind === 'postgres' ? databaseBy('store', store) : none;
  const host = pages && nameIn(pages.publicUrl);
  return {
    certified: [
      ...(tls === undefined ? [] : [{ role: 'broker' as const, files: tls }]),
      ...(listen.tls === undefined ? [] : [{ role: 'http' as const, files: listen.tls, host }]),
      ...stored.certified,
    ],
    plainly: stored.plainly,
    servers: [...(tls === undefined ? [] : broker.servers.map((server) => brokerAt(server, tls))), ...stored.servers],
  };
}

const none: Connections = { certified: [], plainly: [], servers: [] };

function brokerAt(server: string, files: TlsFiles): Server {
  return { role: 'broker', speaks: 'nats', address: addressOf(server), files };
}

/** `url`: the file with its connection string. A server of MySQL tells its certificate to who has signed in: see lqi. */
export function databaseBy(
  role: 'store' | 'records',
  { url: file, tls: files }: { readonly url: string; readonly tls?: TlsFiles | undefined },
): Connections {
  const url = readFileSync(file, 'utf8').trim();
  if (files === undefined) return { ...none, plainly: hostIn(url) };
  const found = greeting.find(([scheme]) => scheme.test(url) && hostIn(url).length > 0);
  if (found === undefined) return { ...none, certified: [{ role, files }] };
  const [, speaks, usual] = found;
  const address = { host: nameIn(url), port: Number(new URL(url).port || usual) };
  return { ...none, certified: [{ role, files }], servers: [{ role, speaks, address, files }] };
}

/** What shows its certificate to whoever comes, and its usual port. */
const greeting = [
  [/^postgres(?:ql)?:/, 'postgres', 5432],
  [/^mongodb:/, 'mongodb', 27_017],
] as const;

/** The machine that a connection string leads to. */
export function hostIn(url: string): string[] {
  return URL.canParse(url) && new URL(url).hostname !== '' ? [nameIn(url)] : [];
}

function nameIn(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}
