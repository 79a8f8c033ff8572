import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { samples, type Sample as Person } from '@anonymesh/examples';
import { placesOf, signInApprover } from '@anonymesh/founding';
import { parse } from 'yaml';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { readBy, scrape, type Sample } from './exported-metrics.js';

const monitoring = (file: string) => readFile(new URL(`../../deploy/monitoring/${file}`, import.meta.url), 'utf8');
let mesh: TestMesh;
beforeAll(async () => {
  mesh = await startTestMesh();
}, 90_000);
afterAll(() => mesh?.end());

/** What the holder counts, but for how long letters were on their way, and what is so in this moment only. */
async function counts(holder: string): Promise<Map<string, number>> {
  const found = (await scrape(mesh.monitoring(holder))).filter(
    ({ name }) => name.startsWith('anonymesh_') && !/_bucket$|_sum$|stream_lag|outbox/.test(name),
  );
  return new Map(found.map(({ name, labels, value }) => [`${name} ${JSON.stringify(labels)}`, value]));
}

async function changesBy(person: Person, holder: string): Promise<Record<string, number>> {
  const before = await counts(holder);
  const { queryId } = await mesh.ask(person);
  const { outcome } = await mesh.ended(queryId);
  expect(['clear', 'concern']).toContain(outcome);
  const after = [...(await counts(holder))].filter(([name]) => !/"(?:checkpoint|notice)"/.test(name));
  return Object.fromEntries(
    after.map(([name, value]) => [name, value - (before.get(name) ?? 0)]).filter(([, by]) => by !== 0),
  );
}

describe('the metrics of a holder', () => {
  it('change alike whatever it answers', async () => {
    const changed = new Map<string, Record<string, number>>();
    for (const person of samples) changed.set(person.fields.niNumber, await changesBy(person, 'hmrc'));
    const [first, ...others] = [...changed.values()];
    expect(Object.keys(first ?? {}).length).toBeGreaterThan(1);
    for (const other of others) expect(other).toEqual(first);
  }, 120_000);

  it('name nobody, no query and no outcome', async () => {
    for (const { id } of mesh.parties) {
      const text = (await scrape(mesh.monitoring(id)))
        .map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`)
        .join('\n');
      for (const { fields } of samples) expect(text).not.toContain(fields.niNumber);
      expect(text).not.toMatch(/[0-9a-f]{32}|"(?:clear|concern|refer)"/);
    }
  });
});

describe('metrics say what is so', () => {
  let slow: TestMesh;
  beforeAll(async () => {
    slow = await startTestMesh({ approval: { council: 'each query' } });
  }, 90_000);
  afterAll(() => slow?.end());

  const valueOf = async (party: string, name: string, labels: Record<string, string> = {}) => {
    const found = (await scrape(slow.monitoring(party))).filter((each) => each.name === name);
    const those = found.filter((each) =>
      Object.entries(labels).every(([label, value]) => each.labels[label] === value),
    );
    return those.reduce((sum, { value }) => sum + value, 0);
  };
  const kept = (party: string, state: string) =>
    valueOf(party, 'anonymesh_queries', { kind: 'check', agreement: 'right-to-remain', state });
  const waiting = () => valueOf('council', 'anonymesh_approvals_waiting', { before: 'evaluation' });
  const decided = (party: string) => valueOf(party, 'anonymesh_query_seconds_count', { kind: 'check' });

  it('of a query: its state, that it waits for a person, how long its stages and all of it took', async () => {
    const [person] = samples as readonly [Person];
    const { queryId } = await slow.ask(person);
    await until('people at the council are waited for', async () => (await waiting()) === 1);
    await until('hmrc has answered', async () => (await kept('hmrc', 'answered')) === 1);
    expect([await kept('council', 'open'), await decided('aggregator')]).toEqual([1, 0]);
    expect(await valueOf('council', 'anonymesh_stage_seconds_count', { message: 'dispatch' })).toBe(1);
    const approver = await signInApprover(slow, 'council');
    await approver.send('POST', `/api/v1/approvals/${queryId}`, { decision: 'approve' });
    expect(await slow.ended(queryId)).toMatchObject({ outcome: person.outcome });
    expect([await waiting(), await kept('council', 'answered'), await kept('coordinator', 'decided')]).toEqual([
      0, 1, 1,
    ]);
    for (const party of ['aggregator', 'immigration'])
      await until(`it is measured at ${party}`, async () => (await decided(party)) === 1);
    expect(await valueOf('immigration', 'anonymesh_query_seconds_sum')).toBeGreaterThan(0);
  }, 60_000);

  it('of what a node that cannot write has not settled, until it can', async () => {
    const lag = () => valueOf('dwp', 'anonymesh_stream_lag_messages');
    const [person] = samples as readonly [Person];
    const store = new DatabaseSync(placesOf(slow.dir, 'dwp').state);
    store.exec('begin immediate');
    try {
      await slow.ask(person);
      await until('dwp lags', async () => (await lag()) > 0);
    } finally {
      store.exec('rollback');
      store.close();
    }
    await until('it has caught up', async () => (await lag()) === 0, 60);
  }, 120_000);
});

describe('the dashboard and the alerts', () => {
  let exported: Sample[];
  beforeAll(async () => {
    exported = (await Promise.all(mesh.parties.map(({ id }) => scrape(mesh.monitoring(id))))).flat();
  });
  /** Of which Prometheus makes labels by itself. */
  const given = new Set(['job', 'instance', 'le']);

  const expectExported = (expression: string) => {
    const { asked, grouped } = readBy(expression);
    for (const { metric, selected } of asked) {
      const those = exported.filter(({ name }) => name === metric);
      expect([expression, metric, those.length > 0]).toEqual([expression, metric, true]);
      const labels = new Set([...given, ...those.flatMap((each) => Object.keys(each.labels))]);
      for (const label of [...selected, ...grouped])
        expect([metric, label, labels.has(label)]).toEqual([metric, label, true]);
    }
    for (const [, label = '', value = ''] of expression.matchAll(/(\w+)="([^"]*)"/g))
      expect([label, value, exported.some(({ labels }) => labels[label] === value)]).toEqual([label, value, true]);
  };

  it('show metrics that some app exports, by labels that they have', async () => {
    const { panels } = JSON.parse(await monitoring('dashboard.json')) as {
      panels: { targets: { expr: string; legendFormat: string }[] }[];
    };
    expect(panels.length).toBeGreaterThan(8);
    for (const { expr, legendFormat } of panels.flatMap(({ targets }) => targets)) {
      expectExported(expr);
      const { grouped } = readBy(expr);
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      if (grouped.length > 0)
        for (const label of shown) expect([expr, grouped]).toEqual([expr, expect.arrayContaining([label])]);
    }
  });

  it('alert on metrics that some app exports, and say what to do', async () => {
    const { groups } = parse(await monitoring('alerts.yaml')) as {
      groups: { rules: { alert: string; expr: string; annotations: { summary: string; todo: string } }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(5);
    for (const { expr, annotations } of rules) {
      expectExported(expr);
      expect(annotations.todo.length).toBeGreaterThan(20);
    }
  });

  it('leave out no metric of ours', async () => {
    const shown = (await Promise.all(['dashboard.json', 'alerts.yaml'].map(monitoring))).join();
    const ours = new Set(exported.map(({ name }) => name.replace(/_(?:bucket|sum|count)$/, '')));
    for (const name of ours) if (name.startsWith('anonymesh_')) expect(shown).toContain(name);
  });
});
