// Founds a mesh in a folder: keys, directory, a signed agreement, records, configs, the broker's accounts. What people
// in many organisations would do over weeks, in a second; nothing that they must not share is shared.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brokerConfig, planBroker, type BrokerPlan } from '@anonymesh/courier';
import { copyRecords, prepareRecords } from '@anonymesh/examples';
import { base64url, type Agreement, type PartyId } from '@anonymesh/protocol';
import { newKey, publicBytes, signAdmission, signEntry, writeKeyFile } from '@anonymesh/trust';
import { createUser } from '@nats-io/nkeys';
import { stringify } from 'yaml';
import { hops } from '../../../../boundaries.mjs';
import { fillAgreement, fingerprintOfKey, signByAll, type Terms } from './agreement.js';
import { foundAccounts, type SandboxLogin } from './accounts.js';
import { writeConfig } from './config.js';
import { makeKeys } from './keys.js';
import { sandboxParties } from './parties.js';
import { brokerPlaces, placesOf } from './places.js';

export interface FoundingOptions {
  readonly dir: string;
  /** Where generated records are kept between runs. */
  readonly cache: string;
  readonly terms?: Terms;
  /** How many people each holder's records are about; the example's own number unless told. */
  readonly population?: number;
  /** Connection strings of parties whose store is PostgreSQL. */
  readonly postgres?: ReadonlyMap<PartyId, string>;
  /** A free port for each party, `broker` and `identity-provider`. */
  readonly ports: ReadonlyMap<string, number>;
}

export interface FoundedMesh {
  readonly dir: string;
  readonly ports: ReadonlyMap<string, number>;
  readonly agreement: Agreement;
  readonly brokerPlan: BrokerPlan;
  readonly login: SandboxLogin;
}

export async function foundMesh(options: FoundingOptions): Promise<FoundedMesh> {
  const { dir, ports } = options;
  const names = new Map(sandboxParties.map(({ id }) => [id, id]));
  const members = await Promise.all(
    sandboxParties.map(async (party) => ({
      ...party,
      ...(await makeKeys(party, placesOf(dir, party.id), names.get(party.id) ?? party.id)),
    })),
  );
  const operator = newKey('Ed25519');
  writeKeyFile(placesOf(dir, 'coordinator').key('operator'), operator);
  const admitted = members.map(({ id, identity }) => ({ id, identity: fingerprintOfKey(identity) }));
  const admission = signAdmission(
    { type: 'anonymesh/admission/v1', serial: 1, issuedAt: Date.now(), admitted },
    operator,
  );
  const directory = { admission, entries: members.map(({ entry, identity }) => signEntry(entry, identity)) };
  const identities = new Map(members.map(({ id, identity }) => [id, identity]));
  const agreement = await fillAgreement(
    dir,
    new Map(admitted.map(({ id, identity }) => [id, identity])),
    options.terms ?? {},
  );
  const signatures = signByAll(agreement, identities);
  const login = await foundAccounts(dir, ports);
  const around = {
    dir,
    ports,
    operator: base64url(publicBytes(operator)),
    issuer: login.issuer,
    postgres: options.postgres ?? new Map(),
  };
  for (const party of sandboxParties) {
    const places = placesOf(dir, party.id);
    await mkdir(places.agreements, { recursive: true });
    await writeFile(places.directory, JSON.stringify(directory));
    await writeFile(join(places.agreements, `${agreement.id}.yaml`), stringify(agreement));
    await writeFile(join(places.agreements, `${agreement.id}.signatures.json`), JSON.stringify(signatures));
    await writeConfig(party, around);
  }
  await installRecords(options);
  const brokerPlan = await foundBroker(
    dir,
    ports,
    members.map(({ id, kind, entry }) => ({ id, kind, brokerKey: entry.broker })),
  );
  return { dir, ports, agreement, brokerPlan, login };
}

async function installRecords({ dir, cache, population }: FoundingOptions): Promise<void> {
  const records = await prepareRecords(cache, population);
  for (const holder of ['hmrc', 'dwp', 'council'] as const) {
    const { data } = placesOf(dir, holder);
    await mkdir(data, { recursive: true, mode: 0o700 });
    await copyRecords(records, holder, data);
  }
}

async function foundBroker(
  dir: string,
  ports: ReadonlyMap<string, number>,
  members: Parameters<typeof planBroker>[0]['members'],
): Promise<BrokerPlan> {
  const places = brokerPlaces(dir);
  await mkdir(places.home, { recursive: true, mode: 0o700 });
  const provisioning = createUser();
  await writeFile(places.provisioningSeed, provisioning.getSeed(), { mode: 0o600 });
  const plan = planBroker({ hops, members, provisioningKey: provisioning.getPublicKey(), maxBytes: 2 ** 28 });
  const place = {
    serverName: `sandbox-${randomBytes(4).toString('hex')}`,
    host: '127.0.0.1',
    port: ports.get('broker') ?? 0,
    storeDir: places.store,
    maxPayload: 2 ** 20,
  };
  await writeFile(places.config, brokerConfig(plan, place), { mode: 0o600 });
  return plan;
}
