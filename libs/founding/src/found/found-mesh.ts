// Founds a mesh in a folder: keys, directory, signed agreements, records, configs, the broker's accounts. What people in
// many organisations would do over weeks, in a second; nothing that they must not share is shared.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrokerPlan } from '@anonymesh/courier';
import { base64url, type Agreement, type HolderTerms, type PartyId } from '@anonymesh/protocol';
import { newKey, publicBytes, signAdmission, signEntry, writeKeyFile } from '@anonymesh/trust';
import { stringify } from 'yaml';
import { foundAccounts, type SandboxLogin } from './accounts.js';
import { fillAgreement, fingerprintOfKey, installTemplate, signByAll, type ChangedTerms } from './agreement.js';
import { foundBroker } from './broker.js';
import { writeConfig } from './config.js';
import { foundCertificates } from './certificates.js';
import type { Example } from './examples/example.js';
import { makeAuditorKey, makeKeys } from './keys.js';
import { foundPages } from './pages.js';
import { hasPeople, type SandboxParty } from './parties.js';
import { placesOf } from './places.js';

export interface FoundingOptions {
  readonly dir: string;
  /** Where generated records are kept between runs. */
  readonly cache: string;
  /** What the mesh is for; their parties take part in it, each once. */
  readonly examples: readonly Example[];
  /** Terms that differ from the drafts', by the agreement's id. */
  readonly terms?: ChangedTerms;
  /** Connection strings of parties whose store is PostgreSQL. */
  readonly postgres?: ReadonlyMap<PartyId, string>;
  /** Milliseconds between two checkpoints of each log: often, for who watches, unless told. */
  readonly checkpointEvery?: number;
  /** The engine of the holders' set queries; the fastest that works unless told. */
  readonly engine?: string | undefined;
  /** Free ports by `freePortsFor`: for each party, its monitoring and the servers; with `broker-monitoring`, also for that. */
  readonly ports: ReadonlyMap<string, number>;
}

export interface FoundedMesh {
  readonly dir: string;
  readonly ports: ReadonlyMap<string, number>;
  readonly parties: readonly SandboxParty[];
  /** By their ids. */
  readonly agreements: ReadonlyMap<string, Agreement>;
  readonly brokerPlan: BrokerPlan;
  readonly login: SandboxLogin;
}

/** The parties of these examples, each once. */
export function partiesOf(examples: readonly Example[]): readonly SandboxParty[] {
  return [...new Map(examples.flatMap(({ parties }) => parties).map((each) => [each.id, each])).values()];
}

export async function foundMesh(options: FoundingOptions): Promise<FoundedMesh> {
  const { dir, ports, examples } = options;
  const parties = partiesOf(examples);
  const members = await Promise.all(
    parties.map(async (party) => ({ ...party, ...(await makeKeys(party, placesOf(dir, party.id), party.id)) })),
  );
  const operator = newKey('Ed25519');
  writeKeyFile(placesOf(dir, 'coordinator').key('operator'), operator);
  const admitted = members.map(({ id, identity }) => ({ id, identity: fingerprintOfKey(identity) }));
  const admission = await signAdmission(
    { type: 'anonymesh/admission/v1', serial: 1, issuedAt: Date.now(), admitted },
    operator,
  );
  const directory = {
    admission,
    entries: await Promise.all(members.map(({ entry, identity }) => signEntry(entry, identity))),
  };
  const fingerprints = new Map(admitted.map(({ id, identity }) => [id, identity]));
  const agreements = await agreeOnAll(options, fingerprints);
  const identities = new Map(members.map(({ id, identity }) => [id, identity]));
  const clients = await Promise.all(parties.filter(hasPeople).map((party) => foundPages(party, dir, ports)));
  const login = await foundAccounts(dir, ports, clients);
  const holdings = new Map(examples.flatMap(({ holdings: held }) => [...held]));
  const around = {
    dir,
    ports,
    holdings,
    checkpointEvery: options.checkpointEvery ?? 5000,
    portals: parties.filter(({ kind }) => kind === 'portal').map(({ id }) => id),
    operator: base64url(publicBytes(operator)),
    issuer: login.issuer,
    engine: options.engine,
    postgres: options.postgres ?? new Map(),
  };
  for (const party of parties) {
    const places = placesOf(dir, party.id);
    await mkdir(places.agreements, { recursive: true });
    await writeFile(places.directory, JSON.stringify(directory));
    for (const agreement of agreements) {
      const signatures = JSON.stringify(await signByAll(agreement, identities));
      await writeFile(join(places.agreements, `${agreement.id}.yaml`), stringify(agreement));
      await writeFile(join(places.agreements, `${agreement.id}.signatures.json`), signatures);
    }
    await writeConfig(party, around);
  }
  await foundCertificates(dir, parties);
  await installRecords(options, [...holdings.keys()]);
  const brokerPlan = await foundBroker(
    dir,
    ports,
    members.map(({ id, kind, entry }) => ({ id, kind, brokerKey: entry.broker })),
  );
  return { dir, ports, parties, agreements: new Map(agreements.map((each) => [each.id, each])), brokerPlan, login };
}

async function agreeOnAll(
  { dir, examples, terms = {} }: FoundingOptions,
  fingerprints: ReadonlyMap<PartyId, string>,
): Promise<Agreement[]> {
  const templates = new Map<PartyId, HolderTerms['template']>();
  for (const [holder, { template }] of examples.flatMap(({ holdings }) => [...holdings]))
    templates.set(holder, await installTemplate(dir, holder, template));
  const drafts = examples.flatMap((example) => example.drafts);
  const auditor = await makeAuditorKey(dir);
  return Promise.all(drafts.map((draft) => fillAgreement(draft, fingerprints, templates, terms, auditor)));
}

async function installRecords({ dir, cache, examples }: FoundingOptions, holders: readonly PartyId[]): Promise<void> {
  const dataOf = (holder: PartyId) => placesOf(dir, holder).data;
  for (const holder of holders) await mkdir(dataOf(holder), { recursive: true, mode: 0o700 });
  for (const example of examples) await example.install(cache, dataOf);
}
