import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { retract, type QueryId } from '@anonymesh/protocol';
import type { Courier } from '@anonymesh/courier';
import { proofBytes, tokenShape } from '@anonymesh/psi';
import { readdir } from 'node:fs/promises';
import { composeRetraction } from '../../../../tests/mesh/compose-retraction.js';
import { until } from '../../../../tests/mesh/until.js';
import { startIssuer, type TestIssuer } from '../../../../tests/servers/issuer.js';
import { child, requester, type AskedSet, type SignedSet } from '../fixtures/set-mesh.js';
import { startTown, type Town } from '../fixtures/town.js';

let issuer: TestIssuer;
let town: Town;
let coordinator: Courier;
let agreement: SignedSet;
let approved: SignedSet;
const self = 'police';
const both = ['health-trust', self];
beforeAll(async () => {
  issuer = await startIssuer();
  town = await startTown({ police: { issuer } });
  coordinator = await town.sets.courier('coordinator');
  const limits = { records: { most: 100 }, matches: { least: 0, most: 5 } };
  agreement = await town.mesh.agree({ release: 'on-match', limits }, both);
  approved = await town.mesh.agree({ release: 'on-approval', limits }, both);
  for (const id of both) town.lists.set(id, [{ ...child(1, id) }, { ...child(2, id) }]);
}, 60_000);
afterAll(async () => {
  await town.sets.stop();
  await issuer.stop();
});

const missing = (): never => {
  throw new Error('no such node');
};
const lines = () => town.nodes.get(self)?.lines ?? [];
const refused = (queryId: QueryId, code: string) => {
  const isIt = (line: string) =>
    line.includes('message.refused') && line.includes(queryId) && line.includes(`"${code}"`);
  return until(`it is refused as ${code}`, () => lines().some(isIt));
};
const manifestOf = ({ bodies }: AskedSet) => [...bodies.values()][0]?.manifest ?? '';
const signed = (asked: AskedSet, by = requester, change = {}) =>
  composeRetraction(manifestOf(asked), { id: by, signing: town.mesh.parties.party(by).signing }, change);
const pass = ({ queryId, body }: Awaited<ReturnType<typeof signed>>) =>
  coordinator.send(retract, { to: self, queryId, body });

async function isOver(queryId: QueryId): Promise<void> {
  await until('it is taken back', async () => (await town.row(self, queryId))?.state === 'retracted');
  expect(await town.row(self, queryId)).toMatchObject({ seed: null, dispatched: null, matched: null });
  const node = town.nodes.get(self) ?? missing();
  await until('nothing is on disk', async () => !(await readdir(node.spill)).includes(queryId));
  const { knex } = node.lqi.node.courier.store;
  expect(await knex('chunks').where({ query_id: queryId })).toEqual([]);
}

/** A query that the ring holds up: the other holder has not heard of it. */
async function begun(): Promise<AskedSet> {
  const asked = await town.mesh.ask(agreement);
  await town.sets.dispatch(asked, self);
  await until('its list has left', async () => ((await town.row(self, asked.queryId))?.sent ?? 0) > 0);
  return asked;
}

describe('a set query that is taken back', () => {
  it('stops: seed, chunks and files are gone, and nothing more is sent', async () => {
    const asked = await begun();
    const node = town.nodes.get(self) ?? missing();
    expect(await readdir(node.spill)).toContain(asked.queryId);
    await pass(await signed(asked));
    await isOver(asked.queryId);
    const heard = town.sets.recorded.filter(({ queryId }) => queryId === asked.queryId).length;
    // The other holder goes on: what it sends round the ring is refused here, and never comes back to it.
    await town.sets.dispatch(asked, 'health-trust');
    await refused(asked.queryId, 'deadline-passed');
    const later = town.sets.recorded.filter(({ queryId, from }) => queryId === asked.queryId && from.id === self);
    expect(later.length).toBeLessThanOrEqual(heard);
    expect(town.heard(asked.queryId, 'refusal').filter(({ from }) => from.id === self)).toEqual([]);
  });

  it('before its dispatch came is not taken up when it comes', async () => {
    const asked = await town.mesh.ask(agreement);
    await pass(await signed(asked));
    await isOver(asked.queryId);
    await town.sets.dispatch(asked, self);
    await refused(asked.queryId, 'replayed');
    expect(await town.row(self, asked.queryId)).toMatchObject({ state: 'retracted', seed: null, sent: 0 });
    expect(town.heard(asked.queryId, 'refusal')).toEqual([]);
  });

  it('twice is taken back once', async () => {
    const asked = await begun();
    await pass(await signed(asked));
    await pass(await signed(asked));
    const { queryId } = await town.mesh.ask(agreement);
    await pass({ ...(await signed(asked)), queryId });
    await refused(queryId, 'query-differs'); // so the two before it have been handled
    await isOver(asked.queryId);
    const isSaid = (line: string) => line.includes('query.retracted') && line.includes(asked.queryId);
    expect(lines().filter(isSaid)).toHaveLength(1);
  });

  it('while people decide: their list is empty, and who decides too late decides nothing', async () => {
    const asked = await town.mesh.ask(approved);
    await town.sets.dispatch(asked);
    const { proofs } = await town.combined(approved, asked.queryId);
    const own = proofs.get(self) ?? Buffer.alloc(0);
    const size = proofBytes(tokenShape(approved.content));
    const attachment = Buffer.alloc(approved.content.limits.matches.most * size);
    own.copy(attachment);
    const body = { agreement: approved.hash, word: 'approve', records: own.length / size } as const;
    await town.sets.tell(self, { queryId: asked.queryId, body, attachment });
    const call = async (path: string, init: RequestInit = {}) => {
      const authorization = `Bearer ${await issuer.token({ roles: ['approver'] })}`;
      const headers = { authorization, 'content-type': 'application/json' };
      return fetch(`${town.nodes.get(self)?.url}/api/v1/approvals${path}`, { ...init, headers });
    };
    const waiting = async () => {
      const { approvals } = (await (await call('')).json()) as { approvals: { id: string; query: string }[] };
      return approvals.filter(({ query }) => query === asked.queryId);
    };
    const [first] = await until('people are asked', async () => {
      const found = await waiting();
      return found.length === 2 && found;
    });
    await pass(await signed(asked));
    await isOver(asked.queryId);
    expect(await waiting()).toEqual([]);
    const decided = await call(`/${first?.id}`, { method: 'POST', body: JSON.stringify({ decision: 'approve' }) });
    expect(decided.status).toBe(404);
    expect(town.heard(asked.queryId, 'release').filter(({ from }) => from.id === self)).toEqual([]);
  });

  it.each<[string, string, (asked: AskedSet) => ReturnType<typeof signed>]>([
    ['by the coordinator itself', 'wrong-sender', (asked) => signed(asked, 'coordinator')],
    ['by another holder', 'wrong-sender', (asked) => signed(asked, 'health-trust')],
    [
      'in the requester’s name by the coordinator',
      'wrong-sender',
      (asked) => signed(asked, 'coordinator', { requester }),
    ],
    [
      'with the retraction of another query',
      'query-differs',
      async (asked) => ({
        queryId: asked.queryId,
        body: {
          ...(await signed(asked)).body,
          retraction: (await signed(await town.mesh.ask(agreement))).body.retraction,
        },
      }),
    ],
    ['from the future', 'from-the-future', (asked) => signed(asked, requester, { issuedAt: Date.now() + 600_000 })],
  ])('%s goes on', async (_what, code, forged) => {
    const asked = await begun();
    await pass(await forged(asked));
    await refused(asked.queryId, code);
    expect(await town.row(self, asked.queryId)).toMatchObject({ state: 'open' });
  });

  it('past its deadline, or of an agreement that does not name this holder, leaves nothing here', async () => {
    const past = await town.mesh.ask(agreement, Date.now() - 86_400_000);
    await pass(await signed(past));
    await refused(past.queryId, 'deadline-passed');
    const others = await town.mesh.ask(await town.mesh.agree({ release: 'count' }, ['health-trust', 'schools']));
    await pass(await signed(others));
    await refused(others.queryId, 'not-for-you');
    for (const { queryId } of [past, others]) expect(await town.row(self, queryId)).toBe(undefined);
  });
});
