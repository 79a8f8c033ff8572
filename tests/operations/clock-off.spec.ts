// A node on a machine whose clock is ten minutes off: it says so itself, in log and console, and what is asked meanwhile is
// for a person to look at, never answered wrongly. `mesh doctor` is tried in doctor.spec.ts.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { samples } from '@anonymesh/examples';
import { logOf, refusedBy } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { clockOffBy } from './clock-off-by.js';
import { openConsole } from './console-of.js';
import { scrape } from './exported-metrics.js';
import { readinessOf } from './readiness-of.js';

const minute = 60_000;
let mesh: TestMesh;
beforeAll(async () => {
  mesh = await startTestMesh({ terms: { deadlineSeconds: 15 } });
}, 90_000);
afterAll(() => mesh?.end());

const logged = async (code: string) => (await logOf(mesh, 'hmrc')).filter((line) => line['found'] === code).length;

describe('a clock that is ten minutes off', () => {
  it.each([
    ['ahead of', 10 * minute],
    ['behind', -10 * minute],
  ])(
    '%s the others is told by the node itself, in log and console',
    async (way, by) => {
      const before = await logged('clock-off');
      const staff = await openConsole(mesh, 'hmrc');
      await mesh.restart('hmrc', clockOffBy(by));
      const found = await staff.told('clock');
      expect(found).toMatchObject({ state: 'failing', code: 'clock-off', todo: expect.stringMatching(/time service/) });
      expect(found.reason).toMatch(new RegExp(`^The clock is (599|60\\d) seconds ${way} the identity provider’s\\.$`));
      await until('it is logged', async () => (await logged('clock-off')) > before);
      expect(await readinessOf(mesh, 'hmrc')).toMatchObject({ status: 200, failing: { clock: 'clock-off' } });
    },
    60_000,
  );

  it('makes what is asked meanwhile a matter for a person, and nothing of it stays once it is right', async () => {
    const [person, another] = samples as readonly [(typeof samples)[number], (typeof samples)[number]];
    await mesh.restart('hmrc', clockOffBy(10 * minute));
    const asked = await mesh.ask(person);
    // It has come after its time, as far as hmrc can tell.
    await until('hmrc refuses it', async () => (await refusedBy(mesh, 'hmrc', 'deadline-passed')) > 0);
    const refused = (await scrape(mesh.monitoring('hmrc'))).filter(
      ({ name }) => name === 'anonymesh_messages_refused_total',
    );
    const those = refused.filter(({ value }) => value > 0).map(({ labels }) => labels['code']);
    expect([...new Set(those)]).toEqual(['deadline-passed']);
    expect(await mesh.ended(asked.queryId, 60)).toMatchObject({ outcome: 'refer' });
    await mesh.restart('hmrc');
    const { queryId } = await mesh.ask(another);
    expect(await mesh.ended(queryId, 60)).toMatchObject({ outcome: another.outcome, code: 'all-answered' });
    expect((await readinessOf(mesh, 'hmrc')).failing).toEqual({});
  }, 120_000);
});
