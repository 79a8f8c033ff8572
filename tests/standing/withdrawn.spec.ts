import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { placesOf, signInApprover } from '@anonymesh/founding';
import type { Agreement } from '@anonymesh/protocol';
import { doAgreement, publishSigned, runAgreement, signByAllInto, standingsAt, untilAllKnow } from './agree-in-mesh.js';
import { rowsOf } from '../mesh/read-mesh.js';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';

const minute = 60;

describe('an agreement on checks that is withdrawn', () => {
  let mesh: TestMesh;
  let content: Agreement;
  beforeAll(async () => {
    mesh = await startTestMesh({ terms: { deadlineSeconds: 10 * minute }, approval: { council: 'each query' } });
    const found = mesh.agreements.get('right-to-remain');
    if (found === undefined) throw new Error('there is an agreement');
    content = found;
  }, 90_000);
  afterAll(() => mesh?.end());

  const askRaw = async () => {
    const question = { agreement: 'right-to-remain', subject: applicant.fields };
    const response = await mesh.caseworker.send('POST', '/api/v1/queries', question);
    return [response.status, ((await response.json()) as { code?: string }).code];
  };
  const open = async () => {
    const asked = await mesh.ask(applicant);
    await until('two have answered', async () => (await mesh.view(asked.queryId)).answered === 2);
    return asked;
  };
  const partAt = (holder: string, queryId: string) =>
    rowsOf(mesh.dir, holder, 'select state, code from subqueries where query_id = ?', queryId);

  it('makes what is open refer within seconds, and nothing is asked under it any more, by anybody', async () => {
    const first = await open();
    const before = Date.now();
    await doAgreement(mesh, 'dwp', 'withdraw', 'right-to-remain');
    expect(await mesh.ended(first.queryId)).toMatchObject({ outcome: 'refer', answered: 2 });
    expect(Date.now() - before).toBeLessThan(minute * 1000);
    // It waited for a person, who is not asked any more.
    await until('council has ended it', () => partAt('council', first.queryId)[0]?.['state'] === 'refused');
    expect(partAt('council', first.queryId)).toEqual([{ state: 'refused', code: 'agreement-not-in-force' }]);
    const approver = await signInApprover(mesh, 'council');
    const late = await approver.send('POST', `/api/v1/approvals/${first.queryId}`, { decision: 'approve' });
    expect(late.status).toBe(404);
    expect(await askRaw()).toEqual([409, 'agreement-not-in-force']);
    const hash = String(rowsOf(mesh.dir, 'dwp', 'select agreement from agreement_statuses')[0]?.['agreement']);
    await untilAllKnow(mesh, hash, 'withdrawn');
    for (const { id } of mesh.parties)
      expect([id, await standingsAt(mesh, id, 'right-to-remain')]).toEqual([
        id,
        { 1: 'withdrawn by Department for Work and Pensions' },
      ]);
    // What holders said before is for the person all the same.
    expect(await mesh.explain(applicant, first.reference)).toMatchObject({ outcome: 'refer', holders: ['hmrc'] });
  }, 120_000);

  it('does not come back: not with restarts, not by being published again, not by another word of who withdrew', async () => {
    for (const id of ['dwp', 'coordinator', 'council', 'immigration']) await mesh.restart(id);
    expect(await askRaw()).toEqual([409, 'agreement-not-in-force']);
    await publishSigned(mesh, 'dwp', content);
    expect(await askRaw()).toEqual([409, 'agreement-not-in-force']);
    expect(await standingsAt(mesh, 'coordinator', 'right-to-remain')).toEqual({
      1: expect.stringMatching(/^withdrawn/),
    });
  }, 120_000);

  it('is followed by a new version, once all have signed that and say so; then the old one is over for good', async () => {
    const next = { ...content, version: 2, title: `${content.title}, anew` };
    const hash = await publishSigned(mesh, 'immigration', next);
    await untilAllKnow(mesh, hash, 'in-force');
    const [person = applicant] = samples;
    const { queryId } = await mesh.ask(person);
    const approver = await signInApprover(mesh, 'council');
    await until('people at council are asked', () => partAt('council', queryId).length > 0);
    expect((await approver.send('POST', `/api/v1/approvals/${queryId}`, { decision: 'approve' })).ok).toBe(true);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: person.outcome, answered: 3 });
  }, 120_000);

  it('nor does an older version come back when the newer one is withdrawn', async () => {
    const again = await open();
    await doAgreement(mesh, 'appeal-portal', 'withdraw', 'right-to-remain');
    expect(await mesh.ended(again.queryId)).toMatchObject({ outcome: 'refer' });
    expect(await askRaw()).toEqual([409, 'agreement-not-in-force']);
    await mesh.restart('coordinator');
    expect(await askRaw()).toEqual([409, 'agreement-not-in-force']);
  }, 120_000);

  it('of two documents of one version that all have signed runs neither: nobody can say which was meant', async () => {
    const third = { ...content, version: 3 };
    await untilAllKnow(mesh, await publishSigned(mesh, 'hmrc', third), 'in-force');
    const asked = await open();
    const other = { ...third, purpose: `${content.purpose}, or something else` };
    // Past `publish`, which knows better.
    await expect(publishSigned(mesh, 'council', other)).rejects.toThrow('another document of version 3');
    await signByAllInto(mesh, placesOf(mesh.dir, 'council').agreements, other);
    expect(await mesh.ended(asked.queryId)).toMatchObject({ outcome: 'refer' });
    expect(await askRaw()).toEqual([409, 'agreement-not-in-force']);
    expect(await standingsAt(mesh, 'aggregator', 'right-to-remain')).toMatchObject({
      3: 'signed by all in two different documents of this version, so that neither is run',
    });
    const { code, stderr } = await runAgreement(mesh, 'hmrc', 'withdraw', 'right-to-remain');
    expect([code, stderr]).toEqual([2, expect.stringContaining('say --hash')]);
  }, 120_000);
});

describe('an agreement on sets that is withdrawn', () => {
  let mesh: SetMesh;
  beforeAll(async () => {
    mesh = await startSetMesh();
  }, 90_000);
  afterAll(() => mesh?.end());

  const stateAt = (holder: string, queryId: string) =>
    rowsOf(mesh.dir, holder, 'select state from set_queries where query_id = ?', queryId)[0]?.['state'];

  it('makes an open query refer, and a holder that was away does not begin it when it is back', async () => {
    await mesh.child('police').kill();
    const queryId = await mesh.ask();
    await until('the other holder is at it', () => stateAt('health-trust', queryId) === 'open');
    await doAgreement(mesh, 'health-trust', 'withdraw', 'at-risk-children');
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer' });
    await until('the other holder has ended it', () => stateAt('health-trust', queryId) !== 'open');
    await mesh.restart('police');
    await until('it knows', async () =>
      Object.values(await standingsAt(mesh, 'police', 'at-risk-children')).includes(
        'withdrawn by Northmere Children’s Health Trust',
      ),
    );
    expect(stateAt('police', queryId)).not.toBe('answered');
    await until('it has ended there, too', () => stateAt('police', queryId) !== 'open');
    await expect(mesh.ask()).rejects.toThrow('409');
  }, 120_000);
});
