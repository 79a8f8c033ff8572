import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Courier } from '@anonymesh/courier';
import type { BodyOf, QueryId } from '@anonymesh/protocol';
import { exchange } from '@anonymesh/protocol-asking';
import { chooseEngine } from '@anonymesh/psi';
import { randomBytes } from 'node:crypto';
import { until } from '../../../../tests/mesh/until.js';
import { child, type SignedSet } from '../fixtures/set-mesh.js';
import { startTown, type Town } from '../fixtures/town.js';
import type { Chunk } from '../store/chunks.js';

// The health trust is real; the holder before it in the ring, the police, is played.
let town: Town;
let police: Courier;
let schools: Courier;
let agreement: SignedSet;
let some: Buffer;
const self = 'health-trust';
beforeAll(async () => {
  town = await startTown();
  for (const id of ['police', 'schools']) await town.nodes.get(id)?.close();
  [police, schools] = [await town.sets.courier('police'), await town.sets.courier('schools')];
  const limits = { records: { most: 2048 }, matches: { least: 0, most: 100 } };
  agreement = await town.mesh.agree({ limits }, [self, 'police']);
  town.lists.set(self, [{ ...child(1, '') }]);
  some = Buffer.from((await chooseEngine()).hash(randomBytes(5000 * 64)));
}, 60_000);
afterAll(() => town.sets.stop());

/** Of 16 records with two keys each, the control, and the one that is hidden. */
const points = 34;
const pointsOf = (count: number, from = 0) => some.subarray(from * 32, (from + count) * 32);

interface Given extends Partial<BodyOf<typeof exchange>> {
  readonly attachment?: Uint8Array;
  readonly chunk?: number;
  readonly by?: Courier;
}

function send(queryId: QueryId, { attachment = pointsOf(points), chunk = 0, by = police, ...body }: Given = {}) {
  const honest = { agreement: agreement.hash, owner: 'police', points, ...body };
  return by.send(exchange, { to: self, queryId, body: honest, attachment, chunk });
}

/** A query that the health trust has taken up, and whose list it has sent. */
async function takenUp(under = agreement): Promise<QueryId> {
  const queryId = await town.sets.dispatch(await town.mesh.ask(under), self);
  await until('its list has left', async () => ((await town.row(self, queryId))?.sent ?? 0) > 0);
  return queryId;
}

const chunksOf = async (queryId: QueryId) =>
  town.nodes.get(self)?.lqi.node.courier.store.knex<Chunk>('chunks').where({ query_id: queryId }).orderBy('chunk') ??
  [];
const passedOn = (queryId: QueryId, count = 1) =>
  until(
    'it is passed on',
    async () => (await chunksOf(queryId)).filter(({ bytes }) => bytes === null).length === count,
  );
const refused = (queryId: QueryId, code: string) => {
  const isIt = (line: string) =>
    line.includes('message.refused') && line.includes(queryId) && line.includes(`"${code}"`);
  return until(`it is refused as ${code}`, () => town.nodes.get(self)?.lines.some(isIt));
};
const told = (queryId: QueryId) => until('a refusal', () => town.heard(queryId, 'refusal')[0]?.body);

describe('a chunk of a list', () => {
  it('is passed on once, however often it comes', async () => {
    const queryId = await takenUp();
    for (let times = 0; times < 3; times++) await send(queryId);
    await passedOn(queryId);
    await send(queryId);
    await send(queryId, { owner: 'schools' });
    await refused(queryId, 'malformed'); // what came before it has been looked at
    expect(await chunksOf(queryId)).toMatchObject([{ owner: 'police', chunk: 0, bytes: null }]);
    expect(await town.row(self, queryId)).toMatchObject({ state: 'open' });
  });

  it('that comes before its query waits for it', async () => {
    const asked = await town.mesh.ask(agreement);
    await send(asked.queryId);
    await town.sets.dispatch(asked, self);
    await passedOn(asked.queryId);
    expect(town.nodes.get(self)?.lines.join()).not.toContain('message.failed');
  });

  it('may come before one that stands before it', async () => {
    const queryId = await takenUp();
    const whole = { points: 2 * 2048 + 1 + 2 };
    await send(queryId, { ...whole, chunk: 1, attachment: pointsOf(3, 4096) });
    await send(queryId, { ...whole, chunk: 0, attachment: pointsOf(4096) });
    await passedOn(queryId, 2);
  });

  it.each<[string, Given | (() => Given), string]>([
    ['by somebody who is not before us in the ring', () => ({ by: schools }), 'wrong-sender'],
    ['of a list of nobody', { owner: 'schools' }, 'malformed'],
    ['under another agreement', { agreement: 'A'.repeat(43) }, 'query-differs'],
    ['of a list of a size that no set has', { points: 36, attachment: Buffer.alloc(36 * 32) }, 'malformed'],
    ['of a list without whole records', { points: 35, attachment: Buffer.alloc(35 * 32) }, 'malformed'],
    ['of a list without a hidden point', { points: 33, attachment: Buffer.alloc(33 * 32) }, 'malformed'],
    [
      'of a list that is larger than was agreed',
      { points: 2 * 2560 + 1 + 2, attachment: Buffer.alloc(131_072) },
      'too-large',
    ],
    ['with a point too few', { attachment: Buffer.alloc(33 * 32) }, 'malformed'],
    ['with a point too many', { attachment: Buffer.alloc(35 * 32) }, 'malformed'],
    ['with half a point', { attachment: Buffer.alloc(34 * 32 - 1) }, 'malformed'],
    ['with no point', { attachment: Buffer.alloc(0) }, 'malformed'],
    ['beyond the end of the list', { chunk: 1 }, 'malformed'],
    [
      'of our own list, of a length that is not its',
      { owner: self, points: 42, attachment: Buffer.alloc(42 * 32) },
      'malformed',
    ],
    ['of our own list that we have not sent', { owner: self, chunk: 1 }, 'malformed'],
  ])('%s is refused, and changes nothing', async (_what, given, code) => {
    const queryId = await takenUp();
    await send(queryId, typeof given === 'function' ? given() : given);
    await refused(queryId, code);
    expect(await chunksOf(queryId)).toEqual([]);
    await send(queryId);
    await passedOn(queryId);
  });

  it.each<[string, Given, string]>([
    ['in two versions', { attachment: some }, 'chunk-differs'],
    ['of a list of two lengths', { points: 42 }, 'chunk-differs'],
  ])('%s ends the query', async (_what, other, code) => {
    const queryId = await takenUp();
    await send(queryId);
    await passedOn(queryId);
    await send(queryId, { ...other, attachment: pointsOf(other.points ?? points, 100) });
    expect(await told(queryId)).toMatchObject({ code });
    expect(await town.row(self, queryId)).toMatchObject({ state: 'refused', code, seed: null });
    expect(await chunksOf(queryId)).toEqual([]);
  });

  it.each<[string, Buffer]>([
    ['the identity', Buffer.alloc(32)],
    ['a text that is no canonical point', Buffer.alloc(32, 0xff)],
    ['a negative field element', Buffer.from('01'.padEnd(64, '0'), 'hex')],
  ])('with %s ends the query', async (_what, bad) => {
    const queryId = await takenUp();
    await send(queryId, { attachment: Buffer.concat([pointsOf(33), bad]) });
    expect(await told(queryId)).toMatchObject({ code: 'bad-point' });
  });

  it.each([
    ['any points', () => pointsOf(points)],
    ['one point everywhere', () => Buffer.concat(Array.from({ length: points }, () => pointsOf(1)))],
  ])('of our own list with %s ends the query', async (_what, attachment) => {
    const queryId = await takenUp();
    await send(queryId, { owner: self, attachment: attachment() });
    expect(await told(queryId)).toMatchObject({ code: 'list-altered' });
    expect(town.heard(queryId, 'tokens')).toEqual([]);
  });

  it('of a query that has ended is refused', async () => {
    const queryId = await takenUp();
    const body = { agreement: agreement.hash, word: 'ended', records: 0 } as const;
    await town.sets.tell(self, { queryId, body, attachment: Buffer.alloc(16) });
    await until('it has ended', async () => (await town.row(self, queryId))?.state === 'ended');
    await send(queryId);
    await refused(queryId, 'deadline-passed');
  });

  it('of another query is no chunk of this one', async () => {
    const [one, other] = [await takenUp(), await takenUp()];
    await send(one);
    await send(other, { attachment: pointsOf(points, 50) });
    await passedOn(one);
    await passedOn(other);
    expect((await town.row(self, one))?.state).toBe('open');
  });
});
