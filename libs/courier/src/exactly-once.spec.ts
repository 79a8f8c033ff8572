import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Refusal, progress } from '@anonymesh/protocol';
import { openStore, type StoreConfig } from '@anonymesh/store';
import { randomBytes } from 'node:crypto';
import { until } from '../../../tests/mesh/until.js';
import { startPostgres, type PrivatePostgres } from '../../../tests/servers/postgres.js';
import { effectsOf, startRealMesh, writeDown, type Handle, type RealMesh } from './fixtures/real-mesh.js';
import { writeParcel } from './parcel.js';

let mesh: RealMesh;
let postgres: PrivatePostgres;
beforeAll(async () => {
  [mesh, postgres] = await Promise.all([startRealMesh(), startPostgres()]);
}, 60_000);
afterAll(async () => {
  await Promise.all([mesh.stop(), postgres.stop()]);
});

const queryId = 'ab'.repeat(16);
const say = (answered: number, to = 'coordinator') => ({ to, queryId, body: { answered } });

/** An empty store of that kind. */
async function emptyStore(kind: StoreConfig['kind']): Promise<StoreConfig> {
  const name = `spec_${randomBytes(6).toString('hex')}`;
  if (kind === 'embedded') return mesh.place(name);
  const server = await openStore({ kind, url: postgres.url });
  await server.knex.raw(`create database ${name}`);
  await server.close();
  return { kind, url: postgres.url.replace(/\/postgres$/, `/${name}`) };
}

const settled = (id = 'coordinator') => until(`${id} has settled all`, async () => (await mesh.waiting(id)) === 0);

describe.each(['embedded', 'postgres'] as const)('on the %s store, a letter', (kind) => {
  const receiving = async (handle: Handle) => mesh.node('coordinator', await emptyStore(kind), [progress, handle]);

  it('that the broker delivers twice has its effect once', async () => {
    const node = await receiving(writeDown);
    const { subject, sealed } = await writeParcel(mesh.parties.self('aggregator'), progress, say(1));
    const sender = await mesh.courier('aggregator');
    // Without its id the broker does not know it again: as when the duplicate comes after its window.
    for (let count = 0; count < 3; count += 1) await sender.party.jetstream.publish(subject, sealed);
    await settled();
    expect(await effectsOf(node)).toHaveLength(1);
    await Promise.all([sender.close(), node.close()]);
  });

  it('of which the handling fails is rolled back, comes again and has its effect once', async () => {
    let tries = 0;
    const node = await receiving(async (letter, work) => {
      await writeDown(letter, work);
      tries += 1;
      if (tries < 3) throw new Error('AB123456C is on the other line');
    });
    const sender = await mesh.courier('aggregator');
    await sender.send(progress, say(2));
    await settled();
    expect(tries).toBe(3);
    expect(await effectsOf(node)).toMatchObject([{ answered: 2 }]);
    const faults = node.log.filter((line) => line.includes('message.failed'));
    expect(faults).toHaveLength(2);
    expect(node.log.join()).not.toContain('AB123456C');
    await Promise.all([sender.close(), node.close()]);
  });

  it('has its effect though another of its batch always fails', async () => {
    const failures: number[] = [];
    const sender = await mesh.courier('aggregator');
    for (const answered of [1, 13, 2, 3]) await sender.send(progress, say(answered));
    const node = await receiving(async (letter, work) => {
      await writeDown(letter, work);
      if ((letter.body as { answered: number }).answered !== 13 || failures.length === 2) return;
      failures.push(letter.issuedAt);
      throw new Error('not this one');
    });
    await until('the others have had their effect', async () => (await effectsOf(node)).length >= 3);
    expect((await effectsOf(node)).slice(0, 3).map(({ answered }) => answered)).toEqual([1, 2, 3]);
    await settled();
    expect((await effectsOf(node)).map(({ answered }) => answered)).toEqual([1, 2, 3, 13]);
    await Promise.all([sender.close(), node.close()]);
  });

  it('that is refused is settled, counted, and does not come again', async () => {
    let tries = 0;
    const node = await receiving(async () => {
      tries += 1;
      throw new Refusal('not-found');
    });
    const sender = await mesh.courier('aggregator');
    await sender.send(progress, say(4));
    await settled();
    expect([tries, await node.refused('not-found'), await effectsOf(node)]).toEqual([1, 1, []]);
    await Promise.all([sender.close(), node.close()]);
  });

  it('causes others in one transaction with its effect: both, or neither', async () => {
    let tries = 0;
    const before = await mesh.arrived('immigration');
    const node = await receiving(async (letter, work) => {
      await writeDown(letter, work);
      work.post(progress, say(tries, 'immigration'));
      tries += 1;
      if (tries === 1) throw new Error('after it was posted');
    });
    const sender = await mesh.courier('aggregator');
    await sender.send(progress, say(5));
    await settled();
    const taken: number[] = [];
    const requester = await mesh.node('immigration', await emptyStore(kind), [
      progress,
      async (letter) => void taken.push((letter.body as { answered: number }).answered),
    ]);
    await settled('immigration');
    expect(taken).toEqual([1]);
    expect((await mesh.arrived('immigration')) - before).toBe(1);
    await until('the table is empty', async () => (await node.courier.store.knex('outbox')).length === 0);
    await Promise.all([sender.close(), node.close(), requester.close()]);
  });
});

describe('two copies of one party on one PostgreSQL store', () => {
  it('share the work, and no letter has its effect twice', async () => {
    const place = await emptyStore('postgres');
    const before = await mesh.arrived('immigration');
    const done: string[][] = [[], []];
    const copies = [];
    for (const names of done) {
      const handle: Handle = async (letter, work) => {
        await writeDown(letter, work);
        names.push(letter.id);
        work.post(progress, say((letter.body as { answered: number }).answered, 'immigration'));
      };
      copies.push(await mesh.node('coordinator', place, [progress, handle]));
    }
    const self = mesh.parties.self('aggregator');
    const sender = await mesh.courier('aggregator');
    const writing = Array.from({ length: 60 }, (_, index) => writeParcel(self, progress, say(index)));
    const parcels = await Promise.all(writing);
    for (const { subject, sealed } of [...parcels, ...parcels]) {
      await sender.party.jetstream.publish(subject, sealed);
    }
    await settled();
    const [first] = copies;
    const all = first === undefined ? [] : await effectsOf(first);
    expect(all.map(({ answered }) => answered).sort((a, b) => a - b)).toEqual(parcels.map((_, index) => index));
    expect(done.every((names) => names.length > 0)).toBe(true);
    await until('all are published', async () => (await mesh.arrived('immigration')) - before === 60);
    await Promise.all([sender.close(), ...copies.map((copy) => copy.close())]);
  });
});
