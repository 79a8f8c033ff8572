// Examines a party's installation from its config file, whether or not its node runs, and changes nothing: `mesh doctor`
// starts it by the app's own program, so that config and databases are read as the node reads them. One object on the
// output: every check with its state, cause and next step.
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Message, PartyKind } from '@anonymesh/protocol';
import {
  amiss,
  CannotStart,
  certificatesCheck,
  checkConfig,
  clockCheck,
  diskCheck,
  inFile,
  keyFilesCheck,
  liveCredentials,
  lookAt,
  lookAtAll,
  namesCheck,
  well,
  type Check,
  type Checked,
  type ConfigFault,
} from '@anonymesh/runtime';
import { openKeyring, openTrust, type Keyring, type Trust } from '@anonymesh/trust';
import type { Knex } from 'knex';
import type { z } from 'zod';
import { ownConsumer, type ConnectedParty } from '../broker/connect-party.js';
import type { Connections, ServingConfig } from './certificates-of.js';
import { directoryCheck } from './check-directory.js';
import { joinBroker } from './check-key.js';
import { notTried, permissionsCheck, waysOf } from './check-permissions.js';
import { knowAgreements, type Knowing } from './know-agreements.js';
import { hostsOf, secretsOf, securedBy, storeFolders, timeOf } from './node-checks.js';
import { openOwnStore } from './open-own-store.js';

/** What an app adds to what all have. */
export interface Examined<Own extends ServingConfig> {
  readonly kind: PartyKind;
  /** Every message that the app sends. */
  readonly sends: readonly Message[];
  readonly issuer?: (config: Own) => string | undefined;
  readonly folders?: (config: Own) => readonly string[];
  readonly secrets?: (config: Own) => readonly string[];
  readonly hosts?: (config: Own) => readonly string[];
  readonly connections?: (config: Own) => Connections;
  /** Called where keys and trust can be read. */
  readonly more?: (config: Own, known: KnownAtHome) => Promise<Added>;
}

export interface KnownAtHome {
  readonly keyring: Keyring;
  readonly trust: Trust;
  /** Of a node that has run. */
  readonly node: Knowing | undefined;
}

export interface Added {
  readonly checks: readonly Check[];
  /** Of the config, that came up only as it was used. */
  readonly faults?: readonly ConfigFault[];
  readonly close: () => Promise<void>;
}

/** Prints what is found. Faults of the config file keep anything else from being looked at. */
export async function doctor<Schema extends z.ZodType<ServingConfig>>(
  schema: Schema,
  examined: Examined<Readonly<z.output<Schema>>>,
  argv: readonly string[] = process.argv,
): Promise<void> {
  const reading = checkConfig(schema, argv);
  const checks = reading.ok
    ? withConfigured(await examine(reading.config, examined), reading.file)
    : reading.faults.map((fault) => configFault(reading.file, fault));
  process.stdout.write(`${JSON.stringify({ checks })}\n`);
}

const configured: Checked = { name: 'configuration', ...well('The config file is as it must be.') };

/** Unless a key turned out to be wrong as it was used. */
function withConfigured(checks: readonly (Checked | ConfigFault)[], file: string): Checked[] {
  const told = checks.map((each) => ('fault' in each ? configFault(file, each) : each));
  return told.some(({ name }) => name === configured.name) ? told : [configured, ...told];
}

function configFault(file: string, fault: ConfigFault): Checked {
  const { fix } = fault;
  const todo = `${fix[0]?.toUpperCase()}${fix.slice(1)}.`;
  return { name: 'configuration', ...amiss('config-fault', `${inFile(file, fault)}.`, todo) };
}

async function examine<Own extends ServingConfig>(
  config: Own,
  examined: Examined<Own>,
): Promise<(Checked | ConfigFault)[]> {
  const { kind, issuer, folders, secrets, hosts, connections } = examined;
  const address = issuer?.(config);
  const seed = Buffer.from(readFileSync(config.broker.seed, 'utf8').trim());
  const { servers, tls } = config.broker;
  const secured = { servers, tls: tls && liveCredentials(tls) };
  const joined = await joinBroker({ id: config.party, receives: kind, ...secured, seed });
  const { checked: broker, party } = joined;
  const store = await openOwnStore(config);
  const time = async () => (party === undefined ? undefined : timeOf(await (await ownConsumer(party, kind)).info()));
  const trusted = await lookAtTrust(config, examined, party, store.knex);
  try {
    const always = [
      clockCheck({ broker: time, issuer: address }),
      ...store.checks,
      certificatesCheck(securedBy(config, connections?.(config))),
      keyFilesCheck([...secretsOf(config), ...(secrets?.(config) ?? [])]),
      diskCheck([...(folders?.(config) ?? []), ...storeFolders(config)].map((folder) => nearest(folder))),
      namesCheck([...hostsOf(config, address), ...(hosts?.(config) ?? [])]),
    ];
    return [broker, ...(await trusted.look()), ...(await lookAtAll(always))];
  } finally {
    await Promise.all([trusted.close(), store.close(), party?.connection.close()]);
  }
}

interface Trusted {
  readonly look: () => Promise<(Checked | ConfigFault)[]>;
  readonly close: () => Promise<void>;
}

/** What can be looked at only with the keys, the directory and the agreements. */
async function lookAtTrust<Own extends ServingConfig>(
  config: Own,
  { kind, sends, more }: Examined<Own>,
  party: ConnectedParty | undefined,
  knex: Knex | undefined,
): Promise<Trusted> {
  let own: { readonly keyring: Keyring; readonly trust: Trust };
  try {
    const trust = openTrust(config.trust);
    const keyring = openKeyring(config.keys, { id: config.party, directory: trust.directory });
    own = { keyring, trust };
  } catch (error) {
    const reason = error instanceof Error ? `${error.message}.` : 'Keys, directory or agreements cannot be read.';
    const todo = 'Put the file back, or correct trust or keys in the config file.';
    const found = { name: 'directory', ...amiss('trust-unreadable', reason, todo) };
    return { look: async () => [found], close: async () => undefined };
  }
  const { directory } = own.trust;
  const known = { id: config.party, keyring: own.keyring, directory };
  // A store that does not answer is told by its own check.
  const node = knex && (await knowAgreements(knex, config.party, own.trust).catch(() => undefined));
  const added = await more?.(config, { ...own, node }).catch(faultIn);
  const ways = waysOf({ id: config.party, kind }, sends, directory);
  const permissions =
    party === undefined ? { name: 'permissions', ...notTried } : lookAt(permissionsCheck(party, () => ways));
  return {
    look: async () => [
      await permissions,
      ...(await lookAtAll([directoryCheck(known, config.trust), ...(added?.checks ?? [])])),
      ...(added?.faults ?? []),
    ],
    close: async () => added?.close(),
  };
}

function faultIn(error: unknown): Added {
  if (!(error instanceof CannotStart) || error.fault === undefined) throw error;
  return { checks: [], faults: [error.fault], close: async () => undefined };
}

/** The folder, or where there is none yet the one in which it will be made. */
function nearest(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearest(dirname(folder));
}
