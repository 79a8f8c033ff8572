// Keys in other hands: what whoever stole one tries once its owner has revoked it, what an operator tries to bring it back,
// and what happens to those who go on using it.
import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import { base64url, dispatch, type DirectoryEntry, type DirectoryFile } from '@anonymesh/protocol';
import { answer } from '@anonymesh/protocol-answering';
import { readKeyFile, signAdmission, signEntry } from '@anonymesh/trust';
import { logOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { directoryOn, distribute, operatorsFile, rotateKeys } from '../rotation/rotate-keys.js';
import { expectHonestAnswers, expectRefused } from './attacked.js';
import { composeQuestion } from './compose-question.js';
import { playParty, selfOf, type Attacker } from './play-party.js';

let mesh: TestMesh;
/** With the keys and the directory of before. */
let thief: Attacker;
let coordinator: Attacker;
let before: string;
let reference: string;

beforeAll(async () => {
  mesh = await startTestMesh();
  [thief, coordinator] = [await playParty(mesh, 'hmrc'), await playParty(mesh, 'coordinator')];
  before = `${operatorsFile(mesh)}.before`;
  await copyFile(operatorsFile(mesh), before);
  const asked = await mesh.ask(applicant);
  reference = asked.reference;
  expect(await mesh.ended(asked.queryId)).toMatchObject({ outcome: applicant.outcome });
  const entry = (await directoryOn(mesh)).parties.get('hmrc');
  const stolen = [entry?.signing, entry?.sealing, entry?.mask].map((keys) => String(keys?.[0]?.kid));
  await rotateKeys(mesh, ['hmrc'], '--revoke', ...stolen);
  await distribute(mesh);
  await everybodyHas(2);
}, 120_000);
afterAll(async () => {
  await Promise.all([thief?.close(), coordinator?.close()]);
  await mesh?.end();
});

async function everybodyHas(serial: number): Promise<void> {
  for (const { id } of mesh.parties)
    await until(`${id} has taken directory ${serial}`, async () =>
      (await logOf(mesh, id)).some((line) => line['event'] === 'directory.taken' && line['serial'] === serial),
    );
}

const scalar = () => base64url(Buffer.concat([randomBytes(31), Buffer.alloc(1)]));
const word = (issuedAt?: number) => ({
  to: 'aggregator',
  queryId: randomBytes(16).toString('hex'),
  body: { agreement: thief.agreement.hash, masked: scalar(), check: scalar() },
  enclosure: 'a.b.c.d.e',
  issuedAt,
});

/** Attempts on a revoked key, each of which must still be refused. */
async function expectStillRevoked(): Promise<void> {
  await expectRefused(mesh, 'aggregator', 'key-revoked', () => thief.post(answer, word()));
  await expectRefused(mesh, 'hmrc', 'key-revoked', () => dispatchTo('hmrc'));
}

/** A dispatch as somebody makes it who goes by the directory of before. */
async function dispatchTo(holder: string): Promise<void> {
  const old = selfOf(mesh, 'immigration');
  const asked = await composeQuestion({ ...old, directory: thief.self.directory }, thief.agreement);
  const { queryId, manifest, maskKeys, partOf } = asked;
  await coordinator.post(dispatch, { to: holder, queryId, body: { manifest, part: partOf(holder), maskKeys } });
}

describe('a signing key that was revoked', () => {
  it('signs nothing that is believed, whatever time it says', async () => {
    await expectRefused(mesh, 'aggregator', 'key-revoked', () => thief.post(answer, word()));
    const earlier = word(Date.now() - 3_600_000);
    await expectRefused(mesh, 'aggregator', 'key-revoked', () => thief.post(answer, earlier));
  });
});

describe('a sealing key that was revoked', () => {
  it('is sealed to by nobody who knows, and who does not know is refused', async () => {
    expect((await directoryOn(mesh)).sealingKey('hmrc', Date.now())?.kid).not.toBe(
      thief.self.directory.sealingKey('hmrc', Date.now())?.kid,
    );
    await expectRefused(mesh, 'hmrc', 'key-revoked', () => dispatchTo('hmrc'));
  });
});

describe('a mask key that was revoked', () => {
  it('masks nothing: another holder that is told to use it refuses', async () => {
    await expectRefused(mesh, 'dwp', 'key-revoked', () => dispatchTo('dwp'));
  });
});

describe('the directory of before', () => {
  it('put in the place of the new one brings no key back, also after a restart', async () => {
    for (const { id } of mesh.parties) {
      const { directory } = placesOf(mesh.dir, id);
      await copyFile(before, `${directory}.old`);
      if (id === 'coordinator') await copyFile(directory, `${before}.newest`);
      await rename(`${directory}.old`, directory);
    }
    for (const id of ['aggregator', 'dwp', 'hmrc']) {
      const isOlder = async () => (await logOf(mesh, id)).some(({ event }) => event === 'directory.older');
      await until(`${id} has seen it`, isOlder);
    }
    await expectStillRevoked();
    for (const id of ['aggregator', 'hmrc']) {
      await mesh.child(id).kill();
      await mesh.restart(id);
    }
    await expectStillRevoked();
    await copyFile(`${before}.newest`, operatorsFile(mesh));
    await distribute(mesh);
  }, 60_000);
});

describe('an operator', () => {
  const read = (jws: string) => JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as object;
  /** Signs a directory of its own and gives it to everybody. */
  async function publish(serial: number, entries: (entries: readonly string[]) => readonly string[]): Promise<void> {
    const file = JSON.parse(await readFile(operatorsFile(mesh), 'utf8')) as DirectoryFile;
    const operator = readKeyFile(placesOf(mesh.dir, 'coordinator').key('operator'), 'Ed25519');
    const admission = read(file.admission) as Parameters<typeof signAdmission>[0];
    const changed = {
      admission: await signAdmission({ ...admission, serial }, operator),
      entries: entries(file.entries),
    };
    await writeFile(`${operatorsFile(mesh)}.changed`, JSON.stringify(changed));
    await rename(`${operatorsFile(mesh)}.changed`, operatorsFile(mesh));
    await distribute(mesh);
    await everybodyHas(serial);
  }

  it('that leaves out the entry which revokes, in a newer directory, brings no key back', async () => {
    const { entries } = JSON.parse(await readFile(before, 'utf8')) as DirectoryFile;
    await publish(3, () => entries);
    await expectStillRevoked();
  }, 60_000);

  it('in league with the party itself cannot either: no newer entry takes a revocation back', async () => {
    const old = thief.self.directory.parties.get('hmrc');
    if (old === undefined) throw new Error('it was there');
    const { fingerprint: _, ...entry } = old;
    const identity = readKeyFile(placesOf(mesh.dir, 'hmrc').key('identity'), 'Ed25519');
    const { entries } = JSON.parse(await readFile(`${before}.newest`, 'utf8')) as DirectoryFile;
    const newest = entries.map(read).find((each) => (each as DirectoryEntry).id === 'hmrc') as DirectoryEntry;
    const back = (keys: DirectoryEntry['signing']) => keys.map(({ revokedAt: __, ...key }) => key);
    const taken = { ...newest, signing: back(newest.signing), sealing: back(newest.sealing), mask: back(newest.mask) };
    const theirs = await signEntry({ ...entry, ...taken, serial: 9 }, identity);
    await publish(4, (given) => [...given, theirs]);
    await expectStillRevoked();
  }, 60_000);
});

describe('honest people', () => {
  it('are answered under the new keys, and what was answered before is explained', async () => {
    await expectHonestAnswers(mesh);
    expect(await mesh.explain(applicant, reference)).toMatchObject({ holders: applicant.concerns });
  }, 60_000);
});
