import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../tests/mesh/until.js';
import { startIssuer, type TestIssuer } from '../../../../tests/servers/issuer.js';
import { child, type SignedSet } from '../fixtures/set-mesh.js';
import { startTown, type Town } from '../fixtures/town.js';
import type { Disclosure } from '../store/disclosures.js';

let issuer: TestIssuer;
let town: Town;
let agreement: SignedSet;
const formula = '=HYPERLINK("http://bad")';
beforeAll(async () => {
  issuer = await startIssuer();
  town = await startTown({ police: { issuer } });
  agreement = await town.mesh.agree({ release: 'count' }, ['health-trust', 'police']);
  town.lists.set('police', [{ ...child(1, 'known') }]);
  const { lqi } = policeNode();
  const row: Disclosure = {
    query_id: 'ab'.repeat(16),
    kind: 'answer',
    at: Date.now(),
    asked_at: Date.now() - 400,
    agreement: agreement.hash,
    agreement_id: 'right-to-remain',
    agreement_version: 3,
    template: 't'.repeat(43),
    template_id: formula,
    template_version: 1,
    requester: 'childrens-services',
    recipient: 'aggregator',
    records: null,
    code: null,
    mark: lqi.gate.mark('ni-number', 'AB123456C'),
    kept_until: Date.now() + 86_400_000,
  };
  const { knex } = lqi.node.courier.store;
  for (let index = 0; index < 120; index++)
    await knex('disclosures').insert({ ...row, mark: index < 2 ? row.mark : lqi.gate.mark('text', `${index}`) });
}, 60_000);
afterAll(async () => {
  await town.sets.stop();
  await issuer.stop();
});

function policeNode() {
  const node = town.nodes.get('police');
  if (node === undefined) throw new Error('no police');
  return node;
}

async function call(path: string, roles: readonly string[] | undefined, body?: object): Promise<Response> {
  const token = roles === undefined ? {} : { authorization: `Bearer ${await issuer.token({ roles })}` };
  const posted = body && { method: 'POST', body: JSON.stringify(body) };
  const type = body && { 'content-type': 'application/json' };
  return fetch(`${policeNode().url}/api/v1/${path}`, { headers: { ...token, ...type }, ...posted });
}
const json = async (answer: Promise<Response>) => (await (await answer).json()) as never;

describe('the API of a holder', () => {
  const search = { format: 'ni-number', value: 'AB123456C' };
  const all: readonly [path: string, body: object | undefined, allowed: readonly string[]][] = [
    ['overview', undefined, ['viewer', 'approver', 'administrator']],
    ['agreements', undefined, ['viewer', 'approver', 'administrator']],
    ['disclosures', undefined, ['viewer', 'approver', 'administrator']],
    ['disclosures/search', search, ['administrator']],
    ['disclosures.csv', undefined, ['administrator']],
    ['subjects/find', search, ['administrator']],
    ['subjects/erase', { ...search, value: 'AB123456A' }, ['administrator']],
    ['trials', { agreement: 'x', fields: {} }, ['administrator']],
    ['approvals', undefined, ['approver']],
  ];
  it.each(all)('lets nobody into %s but who may', async (path, body, allowed) => {
    expect((await call(path, undefined, body)).status).toBe(401);
    for (const role of ['viewer', 'approver', 'administrator', 'caseworker', 'Administrator', '']) {
      const { status } = await call(path, [role], body);
      expect([role, status]).toEqual([role, allowed.includes(role) ? expect.not.stringMatching('403') : 403]);
      if (allowed.includes(role)) expect([200, 404]).toContain(status);
    }
  });

  it('has no such pages where no identity provider is told', async () => {
    const url = town.nodes.get('health-trust')?.url;
    for (const [path] of all.filter(([, body]) => body === undefined))
      expect((await fetch(`${url}/api/v1/${path}`)).status).toBe(404);
  });

  it('tells whether the node is well, while its database is not', async () => {
    const { checks, counts }: { checks: { name: string; state: string }[]; counts: Record<string, never> } = await json(
      call('overview', ['viewer']),
    );
    const states = Object.fromEntries(checks.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({ broker: 'well', store: 'well', database: 'failing', agreements: 'well' });
    expect(counts).toMatchObject({ waiting: { approvals: 0, approvalsDue: null } });
    const { perDay }: { perDay: { queries: number }[] } = counts as never;
    expect([perDay.length, perDay.at(-1)?.queries]).toEqual([14, 120]);
  });

  it('lists what left, page after page, and nothing of any person', async () => {
    interface Page {
      total: number;
      disclosures: { id: number }[];
      next: number | null;
    }
    const first: Page = await json(call('disclosures', ['viewer']));
    const second: Page = await json(call(`disclosures?before=${first.next}`, ['viewer']));
    const third: Page = await json(call(`disclosures?before=${second.next}`, ['viewer']));
    const pages = [first, second, third];
    expect(pages.map(({ disclosures, total }) => [disclosures.length, total])).toEqual([
      [50, 120],
      [50, 120],
      [20, 120],
    ]);
    expect(third.next).toBe(null);
    expect(new Set(pages.flatMap(({ disclosures }) => disclosures.map(({ id }) => id))).size).toBe(120);
    expect(JSON.stringify(pages)).not.toContain('mark');
    for (const before of ['x', '-1', '1e99', '1 or 1=1'])
      expect((await call(`disclosures?before=${encodeURIComponent(before)}`, ['viewer'])).status).toBe(400);
  });

  it('finds what left about a person, however the number is written', async () => {
    for (const value of ['AB123456C', 'ab 12 34 56 c'])
      expect(await json(call('disclosures/search', ['administrator'], { ...search, value }))).toMatchObject({
        total: 2,
      });
    const other = { ...search, value: 'AB123456D' };
    expect(await json(call('disclosures/search', ['administrator'], other))).toMatchObject({ total: 0, next: null });
    const wrong = await call('disclosures/search', ['administrator'], { ...search, value: 'AB12' });
    expect([wrong.status, (await wrong.text()).includes('AB12')]).toEqual([400, false]);
    expect(policeNode().lines.join()).not.toContain('AB123456');
  });

  it('exports all as a table in which nothing is a formula', async () => {
    const answer = await call('disclosures.csv', ['administrator']);
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const [head, ...rows] = (await answer.text()).trimEnd().split('\r\n');
    expect(head).toMatch(/^at,what,query,/);
    expect(rows).toHaveLength(120);
    for (const row of rows) expect(row).toContain(`"'=HYPERLINK(""http://bad"")"`);
  });

  it('tries the template of an agreement, and what it finds is in the answer alone', async () => {
    const { knex } = policeNode().lqi.node.courier.store;
    const counts = async () =>
      Promise.all(['disclosures', 'outbox', 'set_queries'].map((table) => knex(table).count({ rows: '*' })));
    const before = [await counts(), policeNode().lines.length];
    const tried = await call('trials', ['administrator'], { agreement: agreement.hash, fields: {} });
    expect(tried.headers.get('cache-control')).toBe('no-store');
    expect(await tried.json()).toMatchObject({ kind: 'set', records: 1, cut: false });
    expect([await counts(), policeNode().lines.length]).toEqual(before);
    const bad = { agreement: agreement.hash, fields: { surname: 'Smith' } };
    const refused = await call('trials', ['administrator'], bad);
    expect([refused.status, (await refused.text()).includes('Smith')]).toEqual([400, false]);
  });

  it('writes down what leaves in a set query, once', async () => {
    const queryId = await town.ask(agreement);
    const { knex } = policeNode().lqi.node.courier.store;
    const rows = await until('tokens have left', async () => {
      const found = await knex('disclosures').where({ query_id: queryId }).orderBy('id').pluck('kind');
      return found.includes('tokens') && found;
    });
    expect(rows).toEqual(['points', 'tokens']);
  });
});
