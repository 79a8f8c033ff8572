import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import { runNode } from '../boundary/run-node.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { doAgreement, runAgreement, standingsAt } from '../standing/agree-in-mesh.js';

const id = 'right-to-remain';
let mesh: TestMesh;
let folder: string;
beforeAll(async () => {
  mesh = await startTestMesh();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-lawyers-'));
}, 90_000);
afterAll(async () => {
  await mesh?.end();
  await rm(folder, { recursive: true });
});

const sign = (party: string, file: string) =>
  runNode({
    args: ['apps/cli/bin/mesh.mjs', 'agreement', 'sign', file, '--key', placesOf(mesh.dir, party).key('identity')],
  });
const wordsAt = async (party: string, version: number) => (await standingsAt(mesh, party, id))[version];
const untilAt = (party: string, version: number, words: RegExp) =>
  until(`${party} says of version ${version} that it is ${words}`, async () =>
    words.test((await wordsAt(party, version)) ?? ''),
  );

describe('an agreement from draft to end, at the command line', () => {
  it('is listed as it stands at each party', async () => {
    const out = await doAgreement(mesh, 'dwp', 'list');
    expect(out).toMatch(/^agreement +version +how it stands +hash +title$/m);
    expect(out).toMatch(/^right-to-remain +1 +in force until \d{4}-\d\d-\d\d +[\w-]{43} +\S/m);
  });

  it('is published signed, and by a party to it, and not where another document has its version', async () => {
    const places = placesOf(mesh.dir, 'immigration');
    const text = await readFile(join(places.agreements, `${id}.yaml`), 'utf8');
    const draft = join(folder, 'draft.yaml');
    await writeFile(draft, text.replace(/^version: 1$/m, 'version: 2'));
    expect(await runAgreement(mesh, 'immigration', 'publish', draft)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('immigration has not signed it'),
    });
    expect(await sign('immigration', draft)).toMatchObject({ code: 0 });
    expect(await runAgreement(mesh, 'hmrc', 'publish', draft)).toMatchObject({ code: 1 });
    expect(await doAgreement(mesh, 'immigration', 'publish', draft)).toContain('It waits for signatures: ');
    const other = join(folder, 'elsewhere', 'other.yaml');
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(other, (await readFile(draft, 'utf8')).replace(/^purpose: /m, 'purpose: Or '));
    for (const party of ['immigration', 'dwp']) {
      expect(await sign(party, other)).toMatchObject({ code: 0 });
      await untilAt(party, 2, /^not signed yet by /);
      expect(await runAgreement(mesh, party, 'publish', other)).toMatchObject({ code: 1 });
    }
    expect((await standingsAt(mesh, 'dwp', id))[2]).toMatch(/^not signed yet by /);
  }, 60_000);

  it('is fetched, signed and published by one party after the other; all read who is missing, and then it runs', async () => {
    const [first = '', ...rest] = mesh.parties.map((party) => party.id).filter((each) => each !== 'immigration');
    for (const party of [first, ...rest]) {
      await untilAt(party, 2, /^not signed yet by /);
      const file = join(await mkdtemp(join(folder, 'desk-')), 'next.yaml');
      await doAgreement(mesh, party, 'fetch', id, '--version', '2', '--out', file);
      expect(await runAgreement(mesh, party, 'fetch', id, '--version', '2', '--out', file)).toMatchObject({ code: 2 });
      expect(await sign(party, file)).toMatchObject({ code: 0 });
      await doAgreement(mesh, party, 'publish', file);
    }
    for (const { id: party } of mesh.parties) await untilAt(party, 2, /^in force until /);
    expect(await wordsAt('hmrc', 1)).toBe('replaced by version 2');
    const { queryId } = await mesh.ask(applicant);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'concern', answered: 3 });
    // In this party's folder is its own signature alone: the others' came to its node.
    const { config } = placesOf(mesh.dir, 'immigration');
    const receipt = join(folder, 'receipt.json');
    const evidence = (...args: string[]) =>
      runNode({ args: ['apps/cli/bin/mesh.mjs', 'evidence', ...args, '--config', config] });
    await until('a checkpoint has been signed since', async () => {
      return (await evidence('receipt', queryId, '--out', receipt)).code === 0;
    });
    const verified = await evidence('verify', receipt);
    expect(verified.stdout).not.toMatch(/^wrong:/m);
    expect(verified.stdout).toMatch(
      /^proven: right-to-remain, version 2 was signed by all of its parties, and valid$/m,
    );
    expect(verified.stdout).toMatch(/^proven: that it was in force then, all of its parties have said$/m);
  }, 240_000);

  it('is withdrawn by a party’s own key alone, also while its node is down', async () => {
    await mesh.child('council').kill();
    const foreign = placesOf(mesh.dir, 'hmrc').key('identity');
    expect(await runAgreement(mesh, 'council', 'withdraw', id, '--key', foreign)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the directory has no such key of council'),
    });
    for (const wrong of [['no-such'], [id, '--version', '9'], [id, '--version', 'x']])
      expect((await runAgreement(mesh, 'council', 'withdraw', ...wrong)).code).toBe(2);
    const own = placesOf(mesh.dir, 'council').key('identity');
    expect(await doAgreement(mesh, 'council', 'withdraw', id, '--key', own)).toMatch(/withdrawn by council, for ever/);
    expect(await wordsAt('hmrc', 2)).toMatch(/^in force/);
    // What somebody else left there half written is no reason not to stop.
    await writeFile(join(placesOf(mesh.dir, 'council').agreements, 'half.yaml'), 'id: [');
    expect(await doAgreement(mesh, 'council', 'withdraw', id, '--key', own)).toMatch(/withdrawn by council, for ever/);
    expect(await runAgreement(mesh, 'council', 'list')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('half.yaml'),
    });
    await rm(join(placesOf(mesh.dir, 'council').agreements, 'half.yaml'));
    await mesh.restart('council');
    for (const { id: party } of mesh.parties) await untilAt(party, 2, /^withdrawn by Northmere City Council$/);
    // Once more is nothing new.
    await doAgreement(mesh, 'council', 'withdraw', id);
    expect(await wordsAt('council', 2)).toBe('withdrawn by Northmere City Council');
  }, 120_000);
});
