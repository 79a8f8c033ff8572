// A holder that nobody knew joins a mesh that is running: by the commands of docs/operations.md, with a real broker that is
// reloaded meanwhile and drops nobody, until it has answered its first query; then it is put out.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { samples } from '@anonymesh/examples';
import { brokerPlaces, brokerUrl, freePorts, placesOf, type FoundedMesh } from '@anonymesh/founding';
import { parse, stringify } from 'yaml';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { standingsAt } from '../standing/agree-in-mesh.js';
import { runBlock } from './commands-of.js';
import { runMesh } from './run-mesh.js';

const id = 'land-registry';
type Person = (typeof samples)[number];
/** Of the second no holder was asked before: who adds a holder could else tell its word from the difference. */
const [person, another] = samples as readonly [Person, Person];
const lqi = fileURLToPath(new URL('../../apps/lqi/dist/main.js', import.meta.url));
let mesh: TestMesh;
let folder: string;
let monitoring = 0;
let node: ChildProcess | undefined;
let variables: Record<string, string>;
let at: (path: string) => string;

/** The broker's status pages are where one sees who is connected. */
async function openMonitoring({ dir }: FoundedMesh): Promise<void> {
  const { config, operators } = brokerPlaces(dir);
  const text = JSON.parse(await readFile(config, 'utf8')) as object;
  await writeFile(config, JSON.stringify({ ...text, http: `127.0.0.1:${monitoring}` }));
  await writeFile(operators, stringify({ ...parse(await readFile(operators, 'utf8')), monitoringPort: monitoring }));
}

beforeAll(async () => {
  const ports = await freePorts(['monitoring', 'node']);
  monitoring = ports.get('monitoring') ?? 0;
  mesh = await startTestMesh({ prepare: openMonitoring });
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-enrolment-'));
  at = (path) => join(folder, path);
  const coordinator = placesOf(mesh.dir, 'coordinator');
  const { trust } = parse(await readFile(coordinator.config, 'utf8')) as { trust: { operator: string } };
  const { operators, home } = brokerPlaces(mesh.dir);
  variables = {
    HOLDER: at(id),
    BROKER_URL: brokerUrl(mesh.ports),
    OPERATOR: trust.operator,
    PORT: String(ports.get('node')),
    REQUEST: at(`${id}/join-request.jws`),
    DIRECTORY: coordinator.directory,
    OPERATOR_KEY: coordinator.key('operator'),
    BROKER: operators,
    CA: home,
    ANSWER: at('answer'),
  };
}, 90_000);
afterAll(async () => {
  node?.kill('SIGKILL');
  await mesh?.end();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

/** By the name that each gives itself. */
async function connected(): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`http://127.0.0.1:${monitoring}/connz`);
  const { connections } = (await response.json()) as { connections: { cid: number; name: string }[] };
  return new Map(connections.map(({ cid, name }) => [name, cid]));
}

const partiesIn = (found: ReadonlyMap<string, number>) =>
  Object.fromEntries(mesh.parties.map((party) => [party.id, found.get(party.id)]));

async function admit(request: string, fingerprint: string, more: readonly string[] = []) {
  const { DIRECTORY = '', OPERATOR_KEY = '', BROKER = '', CA = '' } = variables;
  const args = [DIRECTORY, request, '--operator-key', OPERATOR_KEY, '--fingerprint', fingerprint];
  const { code, error } = await runMesh(
    'directory',
    'admit',
    ...args,
    '--broker',
    BROKER,
    '--ca',
    CA,
    '--out',
    at('refused'),
    ...more,
  );
  return { code, error };
}

async function initAs(
  name: string,
  options: Record<string, string> = {},
): Promise<{ request: string; fingerprint: string }> {
  const { BROKER_URL = '', OPERATOR = '' } = variables;
  const all = { id: name, name, broker: BROKER_URL, operator: OPERATOR, ...options };
  const args = Object.entries(all).flatMap(([option, value]) => [`--${option}`, value]);
  const { out } = await runMesh(
    'holder',
    'init',
    await mkdtemp(at('other-')).then((made) => join(made, 'home')),
    ...args,
    '--json',
  );
  return JSON.parse(out) as { request: string; fingerprint: string };
}

/** All parties sign that the newcomer answers as well, and get directory and agreement, as people would send them round. */
async function agreeAnew(): Promise<void> {
  for (const person of ['author', 'reviewer']) await runMesh('keys', 'new', at('people'), '--person', person);
  const template = at(`${id}/templates/checks.yaml`);
  await copyFile(join(placesOf(mesh.dir, 'council').templates, 'council.sqlite.yaml'), template);
  const signed = [];
  for (const person of ['author', 'reviewer']) {
    const { out } = await runMesh('template', 'sign', template, '--key', at(`people/${person}.pem`), '--json');
    signed.push(JSON.parse(out) as { hash: string; fingerprint: string });
  }
  const [author, reviewer] = signed;
  const pinned = { hash: author?.hash, author: author?.fingerprint, reviewer: reviewer?.fingerprint };
  const before = mesh.agreements.get('right-to-remain');
  const council = before?.holders.find((holder) => holder.id === 'council');
  const file = at('right-to-remain.yaml');
  const parties = [
    ...(before?.parties ?? []),
    { id, kind: 'holder', name: 'Land Registry', identity: variables['FINGERPRINT'] },
  ];
  const holders = [...(before?.holders ?? []), { ...council, id, template: pinned }];
  await writeFile(file, stringify({ ...before, version: 2, parties, holders }));
  const identities = mesh.parties.map((party) => placesOf(mesh.dir, party.id).key('identity'));
  for (const identity of [...identities, at(`${id}/keys/identity.pem`)]) {
    const { code, error } = await runMesh('agreement', 'sign', file, '--key', identity);
    expect([code, error]).toEqual([0, '']);
  }
  const places = mesh.parties.map((party) => placesOf(mesh.dir, party.id));
  const homes = [...places, { agreements: at(`${id}/trust/agreements`), directory: at(`${id}/trust/directory.json`) }];
  for (const { agreements, directory } of homes) {
    for (const name of ['right-to-remain.yaml', 'right-to-remain.signatures.json'])
      await copyFile(at(name), join(agreements, name));
    if (directory !== variables['DIRECTORY']) await copyFile(String(variables['DIRECTORY']), directory);
  }
}

/** Undefined while the agreement waits for somebody's node. */
const askOfAll = (whom: Person) =>
  mesh.ask(whom).catch((error: Error) => {
    if (!error.message.includes('agreement-not-in-force')) throw error;
    return undefined;
  });

describe('a holder that nobody knew', () => {
  it('makes its keys, its config and its request with one command', async () => {
    const said = await runBlock('holder-init', variables);
    const [, fingerprint = ''] = /fingerprint:\n {2}(\S{43})$/m.exec(said) ?? [];
    expect(fingerprint).not.toBe('');
    variables = { ...variables, FINGERPRINT: fingerprint };
  });

  it('is not let in by a request that somebody changed, that is for another mesh, or for a name that is taken', async () => {
    const { REQUEST = '', FINGERPRINT = '' } = variables;
    const jws = (await readFile(REQUEST, 'utf8')).trim();
    const content = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as object;
    const forged = [
      jws.split('.')[0],
      Buffer.from(JSON.stringify({ ...content, until: 8e15 })).toString('base64url'),
      jws.split('.')[2],
    ];
    await writeFile(at('forged.jws'), forged.join('.'));
    expect(await admit(at('forged.jws'), FINGERPRINT)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/somebody has changed it/),
    });
    const stranger = await initAs(id);
    expect(await admit(stranger.request, FINGERPRINT)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/not the one that you were told/),
    });
    const elsewhere = await initAs(id, { operator: Buffer.alloc(32, 7).toString('base64url') });
    expect(await admit(elsewhere.request, elsewhere.fingerprint)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/mesh of another operator/),
    });
    const taken = await initAs('hmrc');
    expect(await admit(taken.request, taken.fingerprint)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/admitted with another identity/),
    });
    expect(await admit(REQUEST, FINGERPRINT, ['--kind', 'aggregator'])).toMatchObject({
      code: 1,
      error: expect.stringMatching(/wants to be a holder/),
    });
    await writeFile(at('nonsense.jws'), 'nonsense');
    expect(await admit(at('nonsense.jws'), FINGERPRINT)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/not a request to join/),
    });
  }, 60_000);

  it('is admitted while others ask and answer, and nobody is disconnected', async () => {
    const before = partiesIn(await connected());
    let admitted = false;
    const asking = (async () => {
      const asked = [];
      while (!admitted) asked.push(await mesh.ask(person));
      return asked;
    })();
    const said = await runBlock('admit', variables).finally(() => (admitted = true));
    expect(said).toContain(`${id} is admitted`);
    const asked = await asking;
    expect(asked.length).toBeGreaterThan(0);
    for (const { queryId } of asked) expect(['clear', 'concern']).toContain((await mesh.ended(queryId)).outcome);
    expect(partiesIn(await connected())).toEqual(before);
  }, 90_000);

  it('finds by mesh doctor that the broker lets it in', async () => {
    await copyFile(join(placesOf(mesh.dir, 'council').data, 'council.sqlite'), at('records.sqlite'));
    const said = await runBlock('accept', { ...variables, RECORDS: at('records.sqlite') });
    expect(said).toMatch(/^well +broker /m);
    expect(said).toMatch(/^well +certificates /m);
    expect(said).toMatch(/ 0 failing/);
  });

  it('answers its first query', async () => {
    await agreeAnew();
    node = spawn(process.execPath, [lqi, '--config', at(`${id}/config.yaml`)], { stdio: 'ignore' });
    await until('it is connected', async () => (await connected()).has(id));
    const isNew = async () => (await standingsAt(mesh, 'immigration', 'right-to-remain'))[2]?.startsWith('in force');
    await until('the agreement of four is in force', isNew, 60);
    const { queryId, reference } = await until('it is so everywhere', () => askOfAll(another));
    const ended = await mesh.ended(queryId);
    expect([ended.state, ended.holders, ended.answered]).toEqual(['decided', 4, 4]);
    expect(['clear', 'concern']).toContain(ended.outcome);
    // It has the council's records, and so the council's word.
    const { concerns } = await mesh.explain(another, reference);
    const who = concerns.map(({ holder }) => holder);
    expect(who.includes('Land Registry')).toBe(who.includes('Northmere City Council'));
  }, 120_000);

  it('is put out at once, and nobody else is', async () => {
    const before = partiesIn(await connected());
    const said = await runBlock('remove', variables);
    expect(said).toContain(`${id} is out`);
    const after = await connected();
    expect([after.has(id), partiesIn(after)]).toEqual([false, before]);
    const { code, out } = await runMesh('doctor', '--config', at(`${id}/config.yaml`));
    expect([code, out]).toEqual([1, expect.stringMatching(/FAILING +broker .*does not let this party in/)]);
  }, 60_000);

  it('does not come back by its old request', async () => {
    const { REQUEST = '', FINGERPRINT = '' } = variables;
    expect(await admit(REQUEST, FINGERPRINT)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/was used before/),
    });
    node?.kill();
    if (node !== undefined && node.exitCode === null) await once(node, 'exit');
  }, 30_000);
});
