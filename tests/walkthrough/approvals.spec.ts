import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectedMatches } from '@anonymesh/examples';
import { placesOf, signIn, signInApprover, visitor, type SignedIn } from '@anonymesh/founding';
import { setStage, type SetStage } from '@anonymesh/protocol';
import { untilNothingIsLeft } from '../mesh/left-by-sets.js';
import { rowsOf } from '../mesh/read-mesh.js';
import { startSetMesh, type SetMesh, type SetTerms } from '../mesh/start-set-mesh.js';
import { until } from '../mesh/until.js';
import { readEvents } from './read-events.js';

interface Approval {
  readonly id: string;
  readonly query: string;
  readonly record: Readonly<Record<string, unknown>>;
}

const sizes = { healthTrust: 60, police: 80, schools: 0, common: 6 };
const { people, released } = expectedMatches(sizes);
const holders = ['health-trust', 'police'] as const;
const reason = 'The family has moved to Wigan-under-Water';
let mesh: SetMesh;
let approvers: Readonly<Record<(typeof holders)[number], SignedIn>>;
/** Asked at the beginning, and decided by nobody. */
let undecided: string;

beforeAll(async () => {
  const approved: SetTerms = { release: 'on-approval' };
  mesh = await startSetMesh({
    sizes,
    terms: approved,
    variants: { 'by-20': { ...approved, deadlineSeconds: 20 }, 'by-15': { ...approved, deadlineSeconds: 15 } },
  });
  approvers = {
    'health-trust': await signInApprover(mesh, 'health-trust'),
    police: await signInApprover(mesh, 'police'),
  };
  undecided = await mesh.ask('by-20');
}, 90_000);
afterAll(() => mesh?.end());

/** What waits for that holder's people about the query, once it does. */
function waiting(holder: (typeof holders)[number], queryId: string): Promise<readonly Approval[]> {
  return until(`${holder} is asked`, async () => {
    const { approvals } = (await approvers[holder].call('GET', '/api/v1/approvals')) as { approvals: Approval[] };
    const ours = approvals.filter(({ query }) => query === queryId);
    return ours.length > 0 && ours;
  });
}

async function decide(holder: (typeof holders)[number], { id }: Approval, decision: object): Promise<number> {
  return (await approvers[holder].send('POST', `/api/v1/approvals/${id}`, decision)).status;
}

describe('records that people approve', () => {
  it('are released, and those that they refuse are not', async () => {
    const queryId = await mesh.ask();
    const following = mesh.socialWorker.send('GET', `/api/v1/queries/${queryId}/events`).then(readEvents);
    const lists = { 'health-trust': await waiting('health-trust', queryId), police: await waiting('police', queryId) };
    for (const holder of holders) expectOwnRecords(holder, lists[holder]);
    const [refused, twice, ...approved] = lists['health-trust'];
    if (refused === undefined || twice === undefined) throw new Error('too few matched');
    expect(await decide('health-trust', refused, { decision: 'refuse', reason })).toBe(204);
    for (const each of [twice, ...approved])
      expect(await decide('health-trust', each, { decision: 'approve' })).toBe(204);
    expect(await decide('health-trust', twice, { decision: 'refuse', reason })).toBe(404);
    await until('the approving is told of', async () => (await mesh.view(queryId)).progress?.stage === 'approving');
    for (const each of lists.police) expect(await decide('police', each, { decision: 'approve' })).toBe(204);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released', people, answered: 2 });
    const { records, unreadable } = await mesh.records(queryId);
    expect(unreadable).toBe(0);
    const of = (wanted: string) => records.filter(({ holder }) => holder === wanted).map(({ fields }) => fields);
    expect(sorted(of('health-trust'))).toEqual(sorted([twice, ...approved].map(({ record }) => record)));
    expect(sorted(of('police'))).toEqual(sorted(lists.police.map(({ record }) => record)));
    await expectStageByStage(await following);
  }, 60_000);

  it('are decided on by approvers of their own holder, who say why not', async () => {
    const queryId = await mesh.ask();
    const [first] = await waiting('police', queryId);
    if (first === undefined) throw new Error('nothing matched');
    for (const wrong of [
      {},
      { decision: 'refuse' },
      { decision: 'refuse', reason: ' ' },
      { decision: 'approve', reason },
      { decision: 'perhaps' },
    ])
      expect(await decide('police', first, wrong)).toBe(400);
    expect(await decide('police', { ...first, id: 'x' }, { decision: 'approve' })).toBe(404);
    expect(await decide('health-trust', first, { decision: 'approve' })).toBe(404);
    const other = await signIn(mesh, 'police', visitor);
    expect((await other.send('GET', '/api/v1/approvals')).status).toBe(403);
    expect((await other.send('POST', `/api/v1/approvals/${first.id}`, { decision: 'approve' })).status).toBe(403);
    const secrets = holders.flatMap((holder) => sealedAt(holder, queryId));
    for (const holder of holders)
      for (const each of await waiting(holder, queryId)) await decide(holder, each, { decision: 'refuse', reason });
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released', people });
    const seen = await mesh.records(queryId);
    expect(seen.records).toEqual([]);
    expect(JSON.stringify([seen, await mesh.view(queryId)])).not.toContain('Wigan');
    expect(
      rowsOf(mesh.dir, 'police', 'select distinct decision, reason from approvals where query_id = ?', queryId),
    ).toEqual([{ decision: 'refuse', reason }]);
    await mesh.ended(undecided); // it is open until then, and left by nobody
    await untilNothingIsLeft(mesh);
    for (const holder of holders) expect([holder, await stillIn(holder, secrets)]).toEqual([holder, []]);
  }, 60_000);

  it('are not released where nobody decides in time', async () => {
    expect(await mesh.ended(undecided)).toMatchObject({ outcome: 'released', people });
    expect((await mesh.records(undecided)).records).toEqual([]);
    await untilNothingIsLeft(mesh);
  }, 60_000);

  it('are not released where another holder has not released its own in time', async () => {
    const queryId = await mesh.ask('by-15');
    const own = await waiting('health-trust', queryId);
    await waiting('police', queryId);
    await mesh.child('police').kill();
    for (const each of own) expect(await decide('health-trust', each, { decision: 'approve' })).toBe(204);
    const { outcome, code } = await mesh.ended(queryId);
    expect(outcome).toBe('refer');
    expect(['not-all-answered', 'no-outcome-in-time']).toContain(code); // the other one on a busy machine
    expect((await mesh.socialWorker.send('GET', `/api/v1/queries/${queryId}/records`)).status).toBe(404);
    await mesh.restart('police');
    await untilNothingIsLeft(mesh);
    expect((await approvers.police.call('GET', '/api/v1/approvals')) as object).toEqual({ approvals: [], queries: [] });
  }, 60_000);
});

/** As many as matched, with the agreed fields, and with who asks for what. */
function expectOwnRecords(holder: (typeof holders)[number], list: readonly Approval[]): void {
  const agreement = mesh.agreements.get('at-risk-children');
  if (agreement?.kind !== 'set') throw new Error('no agreement on sets');
  const releases = agreement.holders.find(({ id }) => id === holder)?.releases ?? [];
  expect(list).toHaveLength(released[holder] ?? NaN);
  for (const { record, ...said } of list) {
    expect(Object.keys(record).sort()).toEqual([...releases].sort());
    const { id, purpose } = agreement;
    expect(said).toMatchObject({ agreement: id, purpose, requester: 'childrens-services' });
  }
}

/** Each change once, in order, people's deciding among them; never a holder's name. */
async function expectStageByStage(events: Awaited<ReturnType<typeof readEvents>>): Promise<void> {
  const seen = events.map(({ data }) => data as { outcome?: string; progress?: { stage: SetStage; percent: number } });
  expect(seen.at(-1)?.outcome).toBe('released');
  const places = seen.flatMap(({ progress }) => progress ?? []);
  const numbers = places.map(({ stage, percent }) => 1000 * setStage.options.indexOf(stage) + percent);
  expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
  expect(places.map(({ stage }) => stage)).toContain('approving');
  const names = mesh.agreements
    .get('at-risk-children')
    ?.parties.flatMap(({ kind, id, name }) => (kind === 'holder' ? [id, name] : []));
  for (const name of names ?? []) expect(JSON.stringify(events)).not.toContain(name);
}

/** The seed and the records that a holder keeps sealed while people decide. */
function sealedAt(holder: string, queryId: string): string[] {
  const seeds = rowsOf(mesh.dir, holder, 'select seed as sealed from set_queries where query_id = ?', queryId);
  const records = rowsOf(mesh.dir, holder, 'select record as sealed from approvals where query_id = ?', queryId);
  return [...seeds, ...records].map(({ sealed }) => String(sealed));
}

/** Those that can be read from the store's file, once its log has been written into it. */
async function stillIn(holder: string, texts: readonly string[]): Promise<string[]> {
  const { state } = placesOf(mesh.dir, holder);
  const store = new DatabaseSync(state);
  store.exec('pragma wal_checkpoint(truncate)');
  store.close();
  const bytes = await readFile(state);
  return texts.filter((text) => bytes.includes(text));
}

function sorted(all: readonly object[]): string[] {
  return all.map((each) => JSON.stringify(Object.entries(each).sort())).sort();
}
