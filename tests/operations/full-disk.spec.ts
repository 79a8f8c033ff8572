import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import { expectEachOnce, leftInOutboxes, type AskedAbout } from '../faults/expect-once.js';
import { logOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { mayMount, mountDisk, type SmallDisk } from '../servers/small-disk.js';
import { openConsole } from './console-of.js';
import { examine } from './examine.js';
import { readinessOf } from './readiness-of.js';

const parties = ['hmrc', 'coordinator', 'aggregator', 'immigration'];

(mayMount ? describe : describe.skip)('a node whose disk is full (where a disk may be mounted)', () => {
  let mesh: TestMesh;
  const disks = new Map<string, SmallDisk>();
  beforeAll(async () => {
    mesh = await startTestMesh({
      prepare: async ({ dir }) => {
        for (const id of parties) disks.set(id, await mountDisk(dirname(placesOf(dir, id).state)));
      },
    });
  }, 90_000);
  afterAll(async () => {
    await mesh?.stop();
    for (const disk of disks.values()) disk.end();
    await mesh?.end();
  });

  const ask = async (index: number): Promise<AskedAbout[]> => {
    const person = samples[index % samples.length] ?? applicant;
    const [asked] = await Promise.allSettled([mesh.ask(person)]);
    return asked.status === 'fulfilled' ? [{ ...asked.value, person }] : [];
  };

  /** How often it has come up against the end of its disk. */
  const refusals = async (id: string) => {
    const lines = await logOf(mesh, id);
    return lines.filter(({ error }) => (error as { code?: string } | undefined)?.code === 'SQLITE_FULL').length;
  };

  const toldInLog = async (id: string) =>
    (await logOf(mesh, id)).some((line) => line['event'] === 'wellness.failing' && line['found'] === 'disk-full');

  it.each(parties)(
    'loses no query at %s, tells what is amiss, and goes on when there is room',
    async (id) => {
      const disk = disks.get(id);
      const early = Array.from({ length: 10 }, (_, index) => ask(index));
      await disk?.fill();
      const asked: Promise<AskedAbout[]>[] = [...early];
      await until(
        `${id} finds its disk full`,
        async () => {
          if (asked.length < 400) asked.push(...Array.from({ length: 5 }, (_, index) => ask(index)));
          await Promise.all(asked.slice(-5));
          return (await refusals(id)) > 0;
        },
        60,
      );
      expect((await readinessOf(mesh, id)).status).toBe(200);
      await until(`${id} says so`, async () => {
        const { state, failing } = await readinessOf(mesh, id);
        return state === 'degraded' && failing['disk'] === 'disk-full' && toldInLog(id);
      });
      const { found } = await examine(placesOf(mesh.dir, id).config);
      expect(found('disk')).toMatchObject({ state: 'failing', code: 'disk-full' });
      expect(found('disk')?.todo).toMatch(/^Make room/);
      disk?.makeRoom();
      const queries = (await Promise.all(asked)).flat();
      if (id !== 'immigration') expect(queries).toHaveLength(asked.length);
      await expectEachOnce(mesh, queries);
      await until('nothing waits to be sent', () => leftInOutboxes(mesh) === 0);
      await until(`${id} is ready again`, async () => (await readinessOf(mesh, id)).state === 'ready');
      expect(await Promise.all([0, 1].map(ask))).toEqual([[expect.anything()], [expect.anything()]]);
    },
    180_000,
  );

  it('says so in the console of a holder', async () => {
    const staff = await openConsole(mesh, 'hmrc');
    await disks.get('hmrc')?.fill();
    const found = await staff.told('disk').finally(() => disks.get('hmrc')?.makeRoom());
    expect(found).toMatchObject({ state: 'failing', code: 'disk-full' });
  }, 60_000);
});
