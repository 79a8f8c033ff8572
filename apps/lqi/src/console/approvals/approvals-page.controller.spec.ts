import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proofBytes, tokenShape } from '@anonymesh/psi';
import { until } from '../../../../../tests/mesh/until.js';
import { csrfOf, expectInert, script, startStaffedTown, type StaffedTown } from '../../fixtures/staffed-town.js';

let staffed: StaffedTown;
beforeAll(async () => {
  staffed = await startStaffedTown();
}, 90_000);
afterAll(() => staffed.stop());

describe('approvals', () => {
  /** Records of a query that has come so far that people decide. */
  async function asked(): Promise<string> {
    const queryId = await staffed.town.ask(staffed.agreement);
    const { proofs } = await staffed.town.combined(staffed.agreement, queryId);
    const own = proofs.get('police') ?? Buffer.alloc(0);
    const size = proofBytes(tokenShape(staffed.agreement.content));
    const attachment = Buffer.alloc(staffed.agreement.content.limits.matches.most * size);
    own.copy(attachment);
    const body = { agreement: staffed.agreement.hash, word: 'approve', records: own.length / size } as const;
    await staffed.town.sets.tell('police', { queryId, body, attachment });
    const { knex } = staffed.node('police').lqi.node.courier.store;
    await until('records wait', async () => {
      const rows = await knex('approvals').where({ query_id: queryId });
      return rows.length === 40;
    });
    return queryId;
  }

  it('are useful when nothing waits', async () => {
    expect((await (await staffed.signedIn('approver')).open('/approvals')).text).toContain(
      'Nothing waits for a decision',
    );
  });

  it('are decided one by one, a refusal with its reason, and what records hold stays text', async () => {
    const queryId = await asked();
    const visitor = await staffed.signedIn('approver');
    const list = await visitor.open('/approvals');
    expect(list.text).toContain('40 records wait');
    expect(list.text.match(/href="\/approvals\/[\w-]+"/g)).toHaveLength(25);
    expect(list.text).toContain('{{ 191 * 193 }} &lt;script&gt;');
    expectInert(list);
    expect((await visitor.open('/approvals?page=2')).text.match(/href="\/approvals\/[\w-]+"/g)).toHaveLength(15);
    const [first = '', second = ''] = [...list.text.matchAll(/href="(\/approvals\/[\w-]+)"/g)].map(([, path]) => path);
    const form = await visitor.open(first);
    expectInert(form);
    const undecided = await visitor.submit(form, first);
    expect([undecided.status, undecided.text.includes('Select approve or refuse')]).toEqual([422, true]);
    const unreasoned = await visitor.submit(form, first, { decision: 'refuse', reason: '  ' });
    expect([unreasoned.status, unreasoned.text.includes('Enter why it is refused')]).toEqual([422, true]);
    const long = await visitor.submit(form, first, { decision: 'refuse', reason: `${script}${'x'.repeat(1001)}` });
    expect([long.status, long.text.includes('1,000 letters')]).toEqual([422, true]);
    expectInert(long);
    const refused = await visitor.submit(form, first, { decision: 'refuse', reason: 'The child has moved away.' });
    expect([refused.url.pathname, refused.text.includes('The record was refused')]).toEqual(['/approvals', true]);
    expect((await visitor.submit(form, first, { decision: 'approve' })).status).toBe(404);
    const approved = await visitor.submit(await visitor.open(second), second, { decision: 'approve' });
    expect(approved.text).toContain('The record was approved');
    const { knex } = staffed.node('police').lqi.node.courier.store;
    const decided = await knex('approvals').where({ query_id: queryId }).whereNotNull('decision').orderBy('decision');
    expect(decided.map(({ decision, reason, decided_by }) => [decision, reason, decided_by])).toEqual([
      ['approve', null, 'staff-1'],
      ['refuse', 'The child has moved away.', 'staff-1'],
    ]);
    const overview = await visitor.open('/');
    expect(overview.text).toContain('Decide on approvals');
  }, 60_000);

  it('are not decided by a viewer or an administrator, even with a form of their own', async () => {
    for (const role of ['viewer', 'administrator']) {
      const visitor = await staffed.signedIn(role);
      const csrf = csrfOf(await visitor.open('/'));
      const { status } = await visitor.post('/approvals/AAAA', { _csrf: csrf, decision: 'approve' });
      expect(status).toBe(403);
    }
  });
});
