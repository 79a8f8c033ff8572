import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BodyOf, QueryId } from '@anonymesh/protocol';
import type { matched } from '@anonymesh/protocol-answering';
import { until } from '../../../../tests/mesh/until.js';
import { child, type SignedSet } from '../fixtures/set-mesh.js';
import { startTown, type Town } from '../fixtures/town.js';

let town: Town;
let counted: SignedSet;
let approved: SignedSet;
const self = 'police';
const both = ['health-trust', self];
beforeAll(async () => {
  town = await startTown();
  const limits = { records: { most: 100 }, matches: { least: 0, most: 2 } };
  counted = await town.mesh.agree({ release: 'count', limits }, both);
  approved = await town.mesh.agree({ release: 'on-approval', limits }, both);
  for (const id of both) town.lists.set(id, [{ ...child(1, '') }]);
}, 60_000);
afterAll(() => town.sets.stop());

/** Bytes of the proof of one record of two holders. */
const proof = 4 + 1 + 16;
const refused = (queryId: QueryId, code: string) =>
  until(`it is refused as ${code}`, () =>
    town.nodes
      .get(self)
      ?.lines.some((line) => line.includes('message.refused') && line.includes(queryId) && line.includes(`"${code}"`)),
  );

function say(queryId: QueryId, body: BodyOf<typeof matched>, bytes = 2 * proof): Promise<void> {
  return town.sets.tell(self, { queryId, body, attachment: Buffer.alloc(bytes) });
}

async function told(agreement: SignedSet): Promise<QueryId> {
  const queryId = await town.ask(agreement);
  await town.combined(agreement, queryId);
  return queryId;
}

describe('a word on what matched', () => {
  it.each<[string, () => SignedSet, number, number]>([
    ['where nobody is to approve anything', () => counted, 1, 2 * proof],
    ['with more records than may match', () => approved, 3, 3 * proof],
    ['with fewer records than it says', () => approved, 2, 2 * proof - 1],
  ])('%s is refused, and the query goes on', async (_what, agreement, records, bytes) => {
    const queryId = await told(agreement());
    await say(queryId, { agreement: agreement().hash, word: 'approve', records }, bytes);
    await refused(queryId, 'malformed');
    expect(await town.row(self, queryId)).toMatchObject({ state: 'open', stage: 'combining' });
  });

  it('that comes before all was told is refused', async () => {
    const queryId = await town.sets.dispatch(await town.mesh.ask(approved), self);
    await until('it is read', async () => (await town.row(self, queryId))?.stage === 'exchanging');
    await say(queryId, { agreement: approved.hash, word: 'approve', records: 1 });
    await refused(queryId, 'query-differs');
  });

  it('under another agreement, or none that we know, is refused', async () => {
    const queryId = await told(counted);
    await say(queryId, { agreement: approved.hash, word: 'ended', records: 0 });
    await refused(queryId, 'query-differs');
    await say(queryId, { agreement: 'A'.repeat(43), word: 'ended', records: 0 });
    await refused(queryId, 'key-not-pinned');
    expect(await town.row(self, queryId)).toMatchObject({ state: 'open' });
  });

  it('that comes again, or of a query that nobody knows, changes nothing', async () => {
    const queryId = await told(counted);
    const body = { agreement: counted.hash, word: 'ended', records: 0 } as const;
    await say('0'.repeat(32), body);
    await say(queryId, body);
    await say(queryId, body);
    await until('it has ended', async () => (await town.row(self, queryId))?.state === 'ended');
    await say(queryId, { ...body, word: 'too-many' });
    expect(await town.row(self, '0'.repeat(32))).toBe(undefined);
    expect(town.nodes.get(self)?.lines.join()).not.toContain('message.failed');
  });
});
