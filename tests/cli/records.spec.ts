import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { placesOf, signIn, visitor } from '@anonymesh/founding';
import { runNode } from '../boundary/run-node.js';
import { startSetMesh, type ReleasedRecords, type SetMesh } from '../mesh/start-set-mesh.js';

const requester = 'childrens-services';
const sizes = { healthTrust: 60, police: 80, schools: 0, common: 6 };
let mesh: SetMesh;
beforeAll(async () => {
  mesh = await startSetMesh({ sizes });
}, 90_000);
afterAll(() => mesh?.end());

const run = (args: readonly string[], token = mesh.socialWorker.token) =>
  runNode({
    args: ['apps/cli/bin/mesh.mjs', 'query', ...args, '--url', mesh.url(requester)],
    env: { MESH_TOKEN: token },
  });

/** All values that the records are made of, as far as they tell somebody. */
const valuesIn = ({ records }: ReleasedRecords) =>
  records.flatMap(({ fields }) => Object.values(fields).filter((value) => typeof value === 'string'));

describe('the records that a set query released, at the command line', () => {
  it('are those that the API gives, for people and for programs, and nowhere but in the output', async () => {
    const queryId = await mesh.ask();
    expect(await mesh.ended(queryId, 60)).toMatchObject({ outcome: 'released' });
    const released = await mesh.records(queryId);
    const text = await run(['records', queryId]);
    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toContain(`${released.people} people in common, ${released.records.length} records\n`);
    expect(valuesIn(released).length).toBeGreaterThan(0);
    for (const value of valuesIn(released)) expect(text.stdout).toContain(value.trim());
    const asJson = await run(['records', queryId, '--json']);
    expect([asJson.code, JSON.parse(asJson.stdout)]).toEqual([0, released]);
    const log = await readFile(placesOf(mesh.dir, requester).log, 'utf8');
    const others = [await run(['list']), await run(['status', queryId])].map(({ stdout }) => stdout);
    // Shorter ones could stand in a log by chance.
    const telling = valuesIn(released).filter((value) => value.length > 7);
    expect(telling.length).toBeGreaterThan(0);
    for (const value of telling) expect([log, ...others].join()).not.toContain(value.trim());
  }, 90_000);

  it('are nothing to anybody but who asked, nor while there are none', async () => {
    await mesh.child('aggregator').stop();
    const queryId = await mesh.ask();
    const early = await run(['records', queryId, '--json']);
    expect([early.code, JSON.parse(early.stdout).error.code]).toEqual([3, 'not-found']);
    await mesh.restart('aggregator');
    await mesh.ended(queryId, 60);
    const { token } = await signIn(mesh, requester, visitor);
    const other = await run(['records', queryId, '--json'], token);
    expect([other.code, JSON.parse(other.stdout).error.code]).toEqual([3, 'not-found']);
  }, 90_000);
});
