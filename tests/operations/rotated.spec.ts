import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import { readKeyFile } from '@anonymesh/trust';
import { logOf, rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { directoryOn, distribute, operatorsFile } from '../rotation/rotate-keys.js';
import { runBlock } from './commands-of.js';

let mesh: TestMesh;
let folder: string;
let askedBefore: string;
beforeAll(async () => {
  mesh = await startTestMesh();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-rotated-'));
  askedBefore = await answered();
  const signed = 'select n from evidence_entries where query = ? and n < (select max(size) from evidence_checkpoints)';
  await until('hmrc has signed for it', () => rowsOf(mesh.dir, 'hmrc', signed, askedBefore).length > 0);
}, 120_000);
afterAll(async () => {
  await mesh?.end();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

async function answered(): Promise<string> {
  const { queryId } = await mesh.ask(applicant);
  expect(await mesh.ended(queryId)).toMatchObject({ outcome: applicant.outcome, code: 'all-answered' });
  return queryId;
}

/** What the page calls them. */
function variables(serial: number): Record<string, string> {
  const { home, key } = placesOf(mesh.dir, 'hmrc');
  const carried = join(folder, String(serial));
  mkdirSync(carried, { recursive: true });
  return {
    PARTY: home,
    REQUEST: join(carried, 'request.json'),
    IDENTITY: key('identity'),
    ENTRY: join(carried, 'entry'),
    DIRECTORY: operatorsFile(mesh),
    OPERATOR_KEY: placesOf(mesh.dir, 'coordinator').key('operator'),
    FINGERPRINT: readKeyFile(key('identity'), 'Ed25519').kid,
  };
}

async function signAdmitDistribute(serial: number): Promise<void> {
  expect(await runBlock('sign-rotation', variables(serial))).toContain(`entry ${serial} of hmrc, signed`);
  expect(await runBlock('admit-rotation', variables(serial))).toContain(`serial is ${serial}`);
  await distribute(mesh);
  for (const { id } of mesh.parties)
    await until(`${id} has taken it`, async () =>
      (await logOf(mesh, id)).some((line) => line['event'] === 'directory.taken' && line['serial'] === serial),
    );
}

describe('keys, by the commands of docs/operations.md', () => {
  it('are rotated while the mesh runs', async () => {
    const said = await runBlock('rotate', variables(2));
    for (const line of [
      /request\.json: entry 2 of hmrc, to be signed$/m,
      /^kind +key id +from +until +revoked since$/m,
      /^1\. where the identity key is: mesh keys sign .*request\.json --identity identity\.pem --out request\.json\.signed$/m,
      /^2\. the operator: mesh directory add DIRECTORY request\.json\.signed --operator-key FILE --fingerprint /m,
      /^3\. every party: puts the new directory in the place of the old; nodes take it up by themselves\. All must have it by /m,
      /^4\. hmrc: nothing; its node finds the new keys/m,
    ])
      expect(said).toMatch(line);
    await expect(runBlock('rotate', variables(3))).rejects.toThrow(/entry 2 is under way/);
    await signAdmitDistribute(2);
    await answered();
    const kept = await runBlock('retire', variables(2));
    expect(kept).toMatch(/^kept: .*signing\.pem \(in force\)$/m);
    expect(kept).toMatch(
      /^kept: .*\/sealing\.pem \(the node’s store holds something sealed to it: start the node once\)$/m,
    );
  }, 90_000);

  it('are revoked, and replaced at once', async () => {
    const stolen = (await directoryOn(mesh)).parties.get('hmrc')?.signing.find(({ from }) => from < Date.now());
    const SINCE = new Date().toISOString();
    const said = await runBlock('revoke', { ...variables(3), STOLEN: String(stolen?.kid), SINCE });
    expect(said).toContain(`${SINCE.slice(0, 16)}Z`);
    await signAdmitDistribute(3);
    expect((await directoryOn(mesh, 'dwp')).signer(String(stolen?.kid), Date.now())).toBe('key-revoked');
    await answered();
    const receipt = { ...variables(3), QUERY: askedBefore, SINCE, SHARE: join(folder, 'share.json') };
    expect(await runBlock('receipt-before', receipt)).toMatch(/[1-9]\d* entries on/);
  }, 90_000);
});
