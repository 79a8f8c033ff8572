// What every app's config has: its party, its keys, whom it trusts, the broker; and of most apps the store.
import { partyId } from '@anonymesh/protocol';
import { readFileSync } from 'node:fs';
import {
  addressOf,
  connectionString,
  databaseTls,
  isThisMachine,
  madeFile,
  monitoringConfig,
  mutualTls,
  openDatabaseTls,
  orCannotStart,
  presentFile,
  presentFolder,
  privateKey,
  secretFile,
  serverTls,
  type Look,
} from '@anonymesh/runtime';
import type { StoreConfig } from '@anonymesh/store';
import { longestStatus, trustConfig } from '@anonymesh/trust';
import { fromSeed } from '@nats-io/nkeys';
import { z } from 'zod';

const server = z
  .string()
  .refine(isAddress, { message: 'not an address', params: { fix: 'write it as nats://host:port' } });

function isAddress(text: string): boolean {
  return URL.canParse(/^\w+:\/\//.test(text) ? text : `nats://${text}`) && addressOf(text).host !== '';
}

/** The seed of an nkey: NATS's own check of its letters finds one that was mistyped. */
const userSeed: Look = (text) => {
  try {
    if (fromSeed(Buffer.from(text.trim())).getPublicKey().startsWith('U')) return undefined;
  } catch {
    // It is said below, without what was found.
  }
  return { fault: 'not the nkey seed of a user', fix: 'name the broker.seed that mesh keys new made' };
};

const opening = () => secretFile(privateKey('X25519'));

const hour = 3_600_000;

const missingTls = 'missing, and the broker is on another machine';

/** What every app's config has. */
export const nodeConfig = z.strictObject({
  party: partyId.describe('This party’s id, as the directory has it.'),
  listen: z.strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('The address on which it answers HTTP.'),
    port: z.int().min(0).max(65_535).describe('Its port; 0 takes any that is free.'),
    tls: serverTls().describe('With it, HTTPS alone. Without it, put a proxy before it that speaks TLS.').optional(),
  }),
  monitoring: monitoringConfig
    .describe('Tells this party’s own monitoring metrics and readiness in full. Without it they are told to nobody.')
    .optional(),
  broker: z
    .strictObject({
      servers: z.array(server).min(1).describe('Where the broker is: `nats://host:port`, one or several.'),
      seed: secretFile(userSeed).describe('The secret nkey by which this party signs in there.'),
      tls: mutualTls()
        .describe(
          'By which the broker and this party know each other. Only to a broker on this machine it can be left out.',
        )
        .optional(),
    })
    .superRefine(({ servers, tls }, context) => {
      if (tls !== undefined || servers.every((each) => isThisMachine(addressOf(each).host))) return;
      context.addIssue({
        code: 'custom',
        path: ['tls'],
        message: missingTls,
        params: { fix: 'add ca, certificate and key' },
      });
    }),
  keys: z.strictObject({
    signing: secretFile(privateKey('Ed25519')).describe(
      'The Ed25519 key with which it signs what it sends; its successors lie beside it.',
    ),
    sealing: z.array(opening()).min(1).max(8).describe('X25519 keys with which it opens what is sealed to it.'),
    mask: z.array(opening()).max(8).default([]).describe('Of a holder: X25519 keys from which masks are derived.'),
  }),
  trust: trustConfig.extend({
    directory: presentFile().describe('The file of the directory.'),
    operator: trustConfig.shape.operator.describe('The operator’s Ed25519 public key, base64url: whom it believes.'),
    agreements: presentFolder().describe(
      'A folder of `<name>.yaml` with `<name>.signatures.json` beside it, looked at every second.',
    ),
  }),
  /** What this node says of agreements; milliseconds. */
  statuses: z
    .strictObject({
      renewEvery: z
        .int()
        .min(100)
        .max(12 * hour)
        .default(4 * hour)
        .describe('Milliseconds after which it says anew that an agreement is in force.'),
      goodFor: z
        .int()
        .min(1000)
        .max(longestStatus)
        .default(longestStatus)
        .describe(
          'Milliseconds for which that is good: once this node is silent for longer, nobody runs the agreement.',
        ),
    })
    .refine(({ renewEvery, goodFor }) => 2 * renewEvery <= goodFor, 'must be renewed twice while it is good')
    .default({ renewEvery: 4 * hour, goodFor: longestStatus }),
  /** Of the party's log; milliseconds. */
  evidence: z
    .strictObject({
      checkpointEvery: z
        .int()
        .min(100)
        .max(86_400_000)
        .default(60_000)
        .describe('Milliseconds between two checkpoints of its log of evidence.'),
    })
    .default({ checkpointEvery: 60_000 }),
  traces: z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/ })
        .describe(
          'Where spans go, as OTLP over HTTP: a collector of this party’s own, `http://collector:4318/v1/traces`.',
        ),
      share: z.number().min(0).max(1).default(1).describe('Which part of all queries is traced, from 0 to 1.'),
    })
    .optional()
    .describe('Spans for OpenTelemetry. Without it none are made.'),
});
export type NodeConfig = z.infer<typeof nodeConfig>;

/** The config of an app's own store. */
export const storeConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('embedded'),
    file: madeFile().describe('The SQLite file; made where there is none.'),
  }),
  z.strictObject({
    kind: z.literal('postgres'),
    url: secretFile(connectionString('postgres', 'postgresql')).describe(
      'Holds the connection string, for that holds a password.',
    ),
    tls: databaseTls()
      .describe('By which the database server is known, and this app to it if it asks for that.')
      .optional(),
    pool: z.int().min(1).max(200).default(10).describe('The most connections at once.'),
  }),
]);
export interface NodeStoreConfig {
  readonly store: z.infer<typeof storeConfig>;
}

/** A store in PostgreSQL as it is opened. Throws a CannotStart where its files cannot be read. */
export function openingOf({ url: file, tls: files, pool }: PostgresStore): StoreConfig {
  return orCannotStart(() => {
    const url = readFileSync(file, 'utf8').trim();
    return { kind: 'postgres', url, pool, ...(files === undefined ? {} : { tls: openDatabaseTls(url, files) }) };
  }, storeLed.postgres);
}

/** Of each kind of store the key that leads to it, and what to do where it cannot be opened. */
export const storeLed = {
  embedded: {
    key: 'store.file',
    fix: 'look whether it is a SQLite file, and whether this user may write in its folder',
  },
  postgres: {
    key: 'store.url',
    fix: 'look whether its server runs, and at the address, the account and the name in it',
  },
} as const;

type PostgresStore = Extract<z.infer<typeof storeConfig>, { kind: 'postgres' }>;
