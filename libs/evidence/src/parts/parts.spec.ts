import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clockTolerance, fromBase64url } from '@anonymesh/protocol';
import { openStore, type Store } from '@anonymesh/store';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { opens } from '../entries/commitment.js';
import { readEntry } from '../entries/entry.js';
import { draftOf, enterSome, keys, openLog, origin, placeAll, queryOf, sign } from '../fixtures/made-log.js';
import { originOf } from '../notes/checkpoint.js';
import { eraseSalts } from '../store/read-entries.js';
import { checkPart, type CheckedPart, type PartFault } from './check-part.js';
import { makePart } from './make-part.js';
import type { Part } from './part.js';

let folder: string;
let store: Store;
const query = queryOf(2);
const since = 1_800_000_000_500;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-evidence-'));
  store = await openStore({ kind: 'embedded', file: join(folder, 'store.db') });
  await openLog(store);
  // A stretch before the query was asked, one with it, one without, one with it, and entries that are not signed yet.
  await enterSome(store, 0, 2);
  await sign(store, since - 1);
  await enterSome(store, 2, 14);
  await sign(store, since + 1);
  await enterSome(store, 15, 17);
  await sign(store, since + 2);
  await enterSome(store, 17, 23);
  await sign(store, since + 3);
  await enterSome(store, 27, 28);
  await placeAll(store);
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const askedAt = since + clockTolerance;
const expected = { query, askedAt, origin, keys: [keys.publicKey] };
const make = async (of = query, open = true): Promise<Part> => {
  const part = await makePart(store.knex, { query: of, askedAt, opens: open });
  if (part === undefined) throw new Error('there is no part');
  return structuredClone(part);
};
const checked = (part: unknown, change: Partial<typeof expected> = {}): CheckedPart => {
  const result = checkPart(part, { ...expected, ...change });
  if ('kind' in result) throw new Error(JSON.stringify(result));
  return result;
};
const faultOf = (part: unknown, change: Partial<typeof expected> = {}): PartFault | undefined => {
  const result = checkPart(part, { ...expected, ...change });
  return 'kind' in result ? result : undefined;
};

describe('a part of a receipt', () => {
  it('shows all that a log says about a query, and until when it says nothing else', async () => {
    const { entries, until, checkpoint } = checked(JSON.parse(JSON.stringify(await make())));
    expect(entries.map(({ did, what }) => `${did} ${what}`)).toEqual(
      [2, 7, 12, 17, 22].map((n) => `${draftOf(n).did} ${draftOf(n).what}`),
    );
    expect(until).toBe(since + 3);
    expect(checkpoint.size).toBe(26);
  });

  it('opens what it is to open, until the salts have been erased, and then is as good as before', async () => {
    const [entry] = checked(await make()).entries;
    if (entry === undefined) throw new Error('no entry');
    const commitment = fromBase64url(entry.words) ?? Buffer.alloc(0);
    expect(opens(commitment, entry.salt ?? Buffer.alloc(0), draftOf(2).words)).toBe(true);
    expect(checked(await make(query, false)).entries.every(({ salt }) => salt === undefined)).toBe(true);
    await eraseSalts(store.knex, [queryOf(3)]);
    const other = checked(await make(queryOf(3)), { query: queryOf(3) });
    expect(other.entries.length).toBeGreaterThan(2);
    expect(other.entries.every(({ salt }) => salt === undefined)).toBe(true);
  });

  it.each([
    ['before all others', '0'.repeat(32)],
    ['between two others', queryOf(2).replace(/0$/, '1')],
    ['after all others', 'f'.repeat(32)],
  ])('of a query that the log does not know proves that, %s', async (_where, unknown) => {
    const { entries, until } = checked(await make(unknown), { query: unknown });
    expect([entries, until]).toEqual([[], since + 3]);
  });

  it('is none before a checkpoint has been signed', async () => {
    expect(await makePart(store.knex, { query, askedAt: askedAt + 10, opens: true })).toBe(undefined);
  });

  it('says nothing of other queries but that there are some', async () => {
    const part = await make(queryOf(99));
    expect(part.entries).toEqual([]);
    const [piece, ...others] = part.stretches;
    expect(others).toEqual([]);
    expect([...(piece?.runs ?? []), piece?.mentions].map((mentions) => mentions?.length)).toEqual([1, 1, 1]);
  });

  it('is refused with an entry left out', async () => {
    const part = await make();
    const left = part.entries.splice(2, 1);
    expect(faultOf(part)).toEqual({ kind: 'kept-quiet-about', n: readEntry(left[0]?.entry ?? '')?.n });
  });

  it('is refused with an entry that is there twice, of another query, or of no log', async () => {
    const [one, other] = [await make(), await make(queryOf(3))];
    expect(faultOf({ ...one, entries: [...one.entries, one.entries[0]] })).toMatchObject({ kind: 'not-mentioned' });
    expect(faultOf({ ...one, entries: [...one.entries, other.entries[0]] })).toEqual({ kind: 'another-query' });
    const [first, ...rest] = one.entries;
    const changed = { ...first, entry: first?.entry.replace('"at":1', '"at":2') };
    expect(faultOf({ ...one, entries: [changed, ...rest] })).toEqual({ kind: 'not-in-the-log', n: 0 });
  });

  it('is refused without one of the runs that it shows, or with one more than there are', async () => {
    const part = await make();
    const [piece] = part.stretches;
    const [first, second] = piece?.runs ?? [];
    for (const runs of [[second], [first], [], [first, first, second], Array(9).fill(first)])
      expect(faultOf({ ...part, stretches: [{ ...piece, runs }] })).toMatchObject({
        kind: expect.stringMatching(/^(gap|miscounted)$/),
      });
  });

  it('that is without them all, for want of room, says what the log has, and not what it has not', async () => {
    const { entries, until } = checked({ ...(await make()), stretches: [] });
    expect([entries, until]).toEqual([checked(await make()).entries, undefined]);
  });

  it('is refused where it begins after the query was asked', async () => {
    const part = await make();
    expect(faultOf(part, { askedAt: askedAt - 2 })).toMatchObject({ kind: 'gap', n: 0 });
    const last = part.stretches[0]?.counted;
    expect(faultOf({ ...part, before: last })).toEqual({ kind: 'not-from-the-beginning' });
  });

  it('is refused where a stretch hides the query behind neighbours that are none', async () => {
    const part = await make();
    const others = await Promise.all([queryOf(1), queryOf(3), queryOf(4)].map((each) => make(each)));
    const mentions = others.flatMap(({ stretches }) => stretches[0]?.runs?.[0] ?? []);
    const [one, three, four] = mentions;
    const hiding = (...shown: (typeof one)[]) => ({
      ...part,
      entries: [],
      stretches: part.stretches.map((piece) => ({ ...piece, runs: piece.runs?.with(0, shown as never) })),
    });
    for (const shown of [[one, three], [three, four], [one], [three], [four], [], [three, one]])
      expect(faultOf(hiding(...shown))).toMatchObject({ kind: 'miscounted' });
  });

  it('is refused where the mention of the query leaves a place out, though its entry is left out as well', async () => {
    const part = await make();
    const [stretch] = part.stretches;
    stretch?.runs?.[0]?.[0]?.places?.shift();
    part.entries.shift();
    expect(faultOf(part)).toMatchObject({ kind: 'miscounted' });
  });

  it('is refused by another key, of another log, and of another query', async () => {
    const part = await make();
    expect(faultOf(part, { keys: [generateKeyPairSync('ed25519').publicKey] })).toEqual({ kind: 'unsigned' });
    expect(faultOf(part, { origin: originOf('dwp', 'x') })).toEqual({ kind: 'malformed' });
    expect(faultOf(part, { query: queryOf(3) })).toEqual({ kind: 'another-query' });
    for (const json of [undefined, null, {}, { ...part, more: 1 }, { ...part, checkpoint: '' }, { ...part, type: 'x' }])
      expect(faultOf(json)).toEqual({ kind: 'malformed' });
  });
});
