import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { release } from '@anonymesh/protocol-answering';
import type { BodyOf, OpenedChunk, QueryId } from '@anonymesh/protocol';
import { proofBytes, tokenShape } from '@anonymesh/psi';
import { statusOf } from '../../../../tests/mesh/statuses.js';
import { until } from '../../../../tests/mesh/until.js';
import { startIssuer, type TestIssuer } from '../../../../tests/servers/issuer.js';
import { openedBy } from '../fixtures/combined.js';
import { child, type SignedSet } from '../fixtures/set-mesh.js';
import { startTown, type Town } from '../fixtures/town.js';
import type { Disclosure } from '../store/disclosures.js';
import type { ApprovalView } from '@anonymesh/api';

let issuer: TestIssuer;
let town: Town;
let agreement: SignedSet;
const holders = ['health-trust', 'police'];
const slot = 16 + 256 + 16;
beforeAll(async () => {
  issuer = await startIssuer();
  town = await startTown({ police: { issuer } });
  const limits = { records: { most: 100 }, matches: { least: 0, most: 5 } };
  const { content } = await town.mesh.agree({ release: 'on-approval', limits }, holders);
  const releasing = content.holders.map((terms) => ({ ...terms, releases: [...terms.releases, 'nhsNumber'] }));
  agreement = await town.mesh.agree({ release: 'on-approval', limits, holders: releasing }, holders);
  town.lists.set(
    'health-trust',
    [1, 2, 3, 4].map((n) => ({ ...child(n, 'nurse') })),
  );
  town.lists.set(
    'police',
    [2, 3, 4, 5].map((n) => ({ ...child(n, 'officer') })),
  );
}, 60_000);
afterAll(async () => {
  await town.sets.stop();
  await issuer.stop();
});

async function call(method: 'GET' | 'POST', path = '', body?: object, claims: object = { roles: ['approver'] }) {
  const authorization = `Bearer ${await issuer.token({ ...claims })}`;
  const headers = { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const url = `${town.nodes.get('police')?.url}/api/v1/approvals${path}`;
  return fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

/** What somebody is told who may look and not approve: queries, and not how many of our records matched. */
async function overview(): Promise<object> {
  const headers = { authorization: `Bearer ${await issuer.token({ roles: ['viewer'] })}` };
  const response = await fetch(`${town.nodes.get('police')?.url}/api/v1/overview`, { headers });
  const { counts } = (await response.json()) as { counts: { waiting: object } };
  return counts.waiting;
}

async function waiting(queryId: QueryId): Promise<ApprovalView[]> {
  const { approvals } = (await (await call('GET')).json()) as { approvals: ApprovalView[] };
  return approvals.filter(({ query }) => query === queryId);
}

/** A query of which the aggregator has told the police what matched, as it is or as a test changes it. */
async function matched(change: (proofs: Buffer) => Buffer = (proofs) => proofs): Promise<QueryId> {
  const queryId = await town.ask(agreement);
  const { proofs } = await town.combined(agreement, queryId);
  const own = change(proofs.get('police') ?? Buffer.alloc(0));
  const size = proofBytes(tokenShape(agreement.content));
  const attachment = Buffer.alloc(agreement.content.limits.matches.most * size);
  own.copy(attachment);
  const body = { agreement: agreement.hash, word: 'approve', records: own.length / size } as const;
  await town.sets.tell('police', { queryId, body, attachment });
  return queryId;
}

const released = (queryId: QueryId) =>
  until('a release', () => town.heard(queryId, release.name)[0] as unknown as OpenedChunk<BodyOf<typeof release>>);

async function readBy(queryId: QueryId): Promise<string[]> {
  const { body, attachment } = await released(queryId);
  expect(attachment).toHaveLength(5 * slot);
  const opened = Array.from({ length: body.records }, async (_, index) => {
    const salt = attachment.subarray(index * slot, index * slot + 16);
    const inner = attachment.subarray(index * slot + 16, (index + 1) * slot);
    const sealed = { holder: 'police', enc: body.sealing.enc, salt, inner };
    return String((await openedBy(town.mesh.parties, agreement, queryId, sealed))['surname']);
  });
  return (await Promise.all(opened)).sort();
}

describe('records that matched', () => {
  it('wait for a person, and leave only where it approves', async () => {
    const queryId = await matched();
    const views = await until('three wait', async () => {
      const found = await waiting(queryId);
      return found.length === 3 && found;
    });
    expect(views.map(({ record }) => record['note'])).toEqual(['officer', 'officer', 'officer']);
    expect(views[0]).toMatchObject({
      requester: 'childrens-services',
      agreement: expect.stringMatching(/^at-risk-children/),
    });
    expect(await overview()).toMatchObject({ sets: 1, approvals: 1 });
    expect(Object.keys(await overview())).not.toContain('records');
    for (const { id, record } of views) {
      const refused = { decision: 'refuse', reason: 'The child has moved away.' };
      const decided = record['surname'] === child(3, '').surname ? refused : { decision: 'approve' };
      expect((await call('POST', `/${id}`, decided)).status).toBe(204);
      expect((await call('POST', `/${id}`, decided)).status).toBe(404);
    }
    expect(await readBy(queryId)).toEqual([2, 4].map((n) => child(n, '').surname));
    expect(await town.row('police', queryId)).toMatchObject({ state: 'ended', seed: null });
    const { knex } = (town.nodes.get('police') ?? fail()).lqi.node.courier.store;
    const kept = await knex('approvals').where({ query_id: queryId });
    expect(kept.map(({ record, decided_by }) => [record, decided_by])).toEqual(Array(3).fill([null, 'user-1']));
    expect(await waiting(queryId)).toEqual([]);
  });

  it('are in the log of what left, each once, and can be found by whom they are about', async () => {
    const queryId = await matched();
    const views = await until('three wait', async () => {
      const found = await waiting(queryId);
      return found.length === 3 && found;
    });
    const chosen = views.find(({ record }) => record['surname'] === child(4, '').surname);
    for (const { id } of views)
      await call('POST', `/${id}`, id === chosen?.id ? { decision: 'approve' } : { decision: 'refuse', reason: 'No.' });
    await released(queryId);
    const { node, gate } = (town.nodes.get('police') ?? fail()).lqi;
    const rows = await node.courier.store.knex<Disclosure>('disclosures').where({ query_id: queryId }).orderBy('id');
    expect(rows.map(({ kind, recipient, mark }) => [kind, recipient, mark === null ? null : 'somebody'])).toEqual([
      ['points', 'health-trust', null],
      ['tokens', 'aggregator', null],
      ['release', 'aggregator', null],
      ['record', 'aggregator', 'somebody'],
    ]);
    expect(rows[3]?.mark).toBe(gate.mark('nhs-number', String(child(4, '').nhsNumber)));
    expect(rows[2]).toMatchObject({ records: 1, requester: 'childrens-services', template_id: 'concern-list' });
  });

  it('are not shown unless other holders have proven the match', async () => {
    const forged = await matched((proofs) => {
      const size = proofBytes(tokenShape(agreement.content));
      proofs.writeUInt8((proofs[size - 1] ?? 0) ^ 1, size - 1);
      return proofs;
    });
    const views = await until('the others wait', async () => {
      const found = await waiting(forged);
      return found.length > 0 && found;
    });
    expect(views).toHaveLength(2);
    const unproven = await matched(() => Buffer.from('00000003'.padEnd(2 * 21, '0'), 'hex'));
    expect(await readBy(unproven)).toEqual([]); // nobody is asked, and the release looks like any other
  });

  it('may be none, and the release looks the same', async () => {
    expect(await readBy(await matched(() => Buffer.alloc(0)))).toEqual([]);
  });

  it('end the query where the list of them is none', async () => {
    const malformed = await matched((proofs) => Buffer.concat([proofs.subarray(21, 42), proofs.subarray(0, 21)]));
    const refusal = await until('a refusal', () => town.heard(malformed, 'refusal')[0]);
    expect(refusal.body).toMatchObject({ code: 'malformed' });
  });

  it('are decided by people with the role alone, who say why not', async () => {
    expect((await call('GET', '', undefined, { roles: ['caseworker'] })).status).toBe(403);
    expect((await call('POST', '/AAAA', { decision: 'approve' }, { roles: [] })).status).toBe(403);
    expect((await fetch(`${town.nodes.get('police')?.url}/api/v1/approvals`)).status).toBe(401);
    expect((await call('POST', '/AAAA', { decision: 'refuse' })).status).toBe(400);
    expect((await call('POST', '/AAAA', { decision: 'refuse', reason: ' ' })).status).toBe(400);
    expect((await call('POST', '/AAAA', { decision: 'approve' })).status).toBe(404);
  });

  it('have no API where no identity provider is told', async () => {
    expect((await fetch(`${town.nodes.get('health-trust')?.url}/api/v1/approvals`)).status).toBe(404);
  });

  it('that nobody has decided are not released when the time is up, and the others are', async () => {
    const { content } = agreement;
    const short = await town.mesh.agree({ ...content, id: 'short', deadlineSeconds: 12 }, holders);
    const before = agreement;
    agreement = short;
    const queryId = await matched();
    const [first] = await until('three wait', async () => {
      const found = await waiting(queryId);
      return found.length === 3 && found;
    });
    await call('POST', `/${first?.id}`, { decision: 'approve' });
    expect(await readBy(queryId)).toEqual([first?.record['surname']]);
    agreement = before;
  });

  it('do not leave once a party has withdrawn, whoever approves in the same moment', async () => {
    const { content, hash } = await town.mesh.agree({ ...agreement.content, id: 'withdrawn' }, holders);
    const before = agreement;
    agreement = { ...before, content, hash };
    const queryId = await matched();
    const views = await until('three wait', async () => {
      const found = await waiting(queryId);
      return found.length === 3 && found;
    });
    const { node } = town.nodes.get('police')?.lqi ?? fail();
    const statuses = [await statusOf(town.mesh.parties, 'health-trust', hash, { state: 'withdrawn' })];
    const signed = node.trust.agreements.get(hash) ?? fail();
    await node.courier.transact((work) =>
      node.standing.take(work.transaction, { agreement: content, signatures: signed.signatures, statuses }),
    );
    for (const { id } of views) await call('POST', `/${id}`, { decision: 'approve' });
    await until('it is refused', async () => (await town.row('police', queryId))?.state === 'refused');
    expect(town.heard(queryId, release.name)).toEqual([]);
    expect(await waiting(queryId)).toEqual([]);
    agreement = before;
  });
});

function fail(): never {
  throw new Error('no police');
}
