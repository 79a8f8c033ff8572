// What every app's config has: its party, its keys, whom it trusts, the broker; and of most apps the store.
import { partyId } from '@anonymesh/protocol';
import { path, secretFile } from '@anonymesh/runtime';
import { trustConfig } from '@anonymesh/trust';
import { z } from 'zod';

/** What every app's config has. */
export const nodeConfig = z.strictObject({
  party: partyId,
  listen: z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) }),
  broker: z.strictObject({ servers: z.array(z.string().min(1)).min(1), seed: secretFile() }),
  keys: z.strictObject({
    signing: secretFile(),
    sealing: z.array(secretFile()).min(1).max(8),
    mask: z.array(secretFile()).max(8).default([]),
  }),
  trust: trustConfig.extend({ directory: path(), agreements: path() }),
  /** Of the party's log; milliseconds. */
  evidence: z
    .strictObject({ checkpointEvery: z.int().min(100).max(86_400_000).default(60_000) })
    .default({ checkpointEvery: 60_000 }),
});
export type NodeConfig = z.infer<typeof nodeConfig>;

/** The config of an app's own store. */
export const storeConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('embedded'), file: path() }),
  /** `url`: a file that holds the connection string, for it holds a password. */
  z.strictObject({ kind: z.literal('postgres'), url: secretFile(), pool: z.int().min(1).max(200).default(10) }),
]);
export interface NodeStoreConfig {
  readonly store: z.infer<typeof storeConfig>;
}
