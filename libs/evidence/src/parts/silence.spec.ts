// That a log has nothing else about a query, proven by few trees, however long it went on: of any log, and with anything
// in the proof changed.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clockTolerance } from '@anonymesh/protocol';
import { openStore, type Store } from '@anonymesh/store';
import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkLog } from '../checking/check-log.js';
import { readEntry } from '../entries/entry.js';
import {
  joinAll,
  keys,
  linesOf,
  openLog,
  origin,
  placeAll,
  queryOf,
  sign,
  signAsBefore,
} from '../fixtures/made-log.js';
import { openJoiner } from '../runs/join-runs.js';
import { enter } from '../store/append.js';
import { entriesAbout } from '../store/read-entries.js';
import { checkPart, type CheckedPart, type PartFault } from './check-part.js';
import { makePart } from './make-part.js';
import type { Mention, Part } from './part.js';

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-silence-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function within<Result>(use: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openStore({ kind: 'embedded', file: join(folder, `${(count += 1)}.db`) });
  await openLog(store);
  return use(store).finally(() => store.close());
}

const start = 1_800_000_000_000;
/** The queries of a stretch, how it is signed after them, and how much is joined then. */
interface Step {
  readonly about: readonly number[];
  readonly asBefore: boolean;
  readonly joins: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  about: fc.array(fc.nat(200), { maxLength: 40 }),
  asBefore: fc.boolean(),
  joins: fc.constantFrom(0, 0, 1, 3, 100),
});
/** Of which the first few were signed before entries listed runs. */
const steps = fc
  .tuple(fc.array(step, { minLength: 1, maxLength: 40 }), fc.nat(4))
  .map(([all, before]) => all.map((each, index) => ({ ...each, asBefore: index < before })));

/** Each stretch is signed a second after the one before. */
async function play(store: Store, all: readonly Step[]): Promise<void> {
  const portion = openJoiner(store.knex);
  for (const [index, { about, asBefore, joins }] of all.entries()) {
    const drafts = about.map((n) => ({ did: 'decided', what: 'approve', query: queryOf(n), words: 'words' }) as const);
    // A log has entries about no query as well.
    const other = { did: 'decided', what: 'start', words: 'words' } as const;
    await store.knex.transaction((work) => enter(work, [...drafts, other], start + index * 1000));
    await (asBefore ? signAsBefore : sign)(store, start + index * 1000);
    for (let n = 0; n < joins && (await portion()); n += 1) continue;
  }
}

const placesIn = async (store: Store, query: string) =>
  (await entriesAbout(store.knex, query)).map(({ text }) => readEntry(text)?.n);
/** Asked just after that stretch was signed. */
const askedAfter = (index: number) => start + index * 1000 + 1 + clockTolerance;
const partOf = async (store: Store, query: string, askedAt: number): Promise<Part> => {
  const part = await makePart(store.knex, { query, askedAt, opens: false });
  if (part === undefined) throw new Error('there is no part');
  return structuredClone(part);
};
const placesOf = (checked: CheckedPart | PartFault) =>
  'entries' in checked ? checked.entries.map(({ n }) => n) : checked.kind;
const check = (part: unknown, query: string, askedAt: number) =>
  checkPart(part, { query, askedAt, origin, keys: [keys.publicKey] });

describe('a log of any number of entries, stretches and queries', () => {
  it('proves of every query what it says since it was asked, and nothing else; and is found good as a whole', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(200), fc.nat(), async (all, n, some) =>
        within(async (store) => {
          await play(store, all);
          const index = some % all.length;
          const until = start + (all.length - 1) * 1000;
          for (const query of [queryOf(n), queryOf(all[index]?.about[0] ?? 0), queryOf(1000), '0'.repeat(32)])
            for (const askedAt of [0, askedAfter(index - 1)]) {
              const checked = check(await partOf(store, query, askedAt), query, askedAt);
              const places = await placesIn(store, query);
              // Who has heard of a query before it was asked has something to explain.
              if (askedAt > 0 && places.length > 0 && 'kind' in checked) expect(checked.kind).toBe('not-mentioned');
              else expect(['until' in checked && checked.until, placesOf(checked)]).toEqual([until, places]);
            }
          expect((await checkLog(await linesOf(store), { origin, keys: [keys.publicKey] })).findings).toEqual([]);
        }),
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  it('is not believed with anything in a part of it changed', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), fc.nat(), async (all, some, where) =>
        within(async (store) => {
          await play(store, all);
          const queries = [...new Set(all.flatMap(({ about }) => about))];
          const query = queryOf(queries[some % Math.max(1, queries.length)] ?? 0);
          const part = await partOf(store, query, 0);
          for (const spoilt of spoil(part, where)) {
            const checked = check(spoilt, query, 0);
            if ('until' in checked && checked.until !== undefined) expect(spoilt).toBe('refused');
          }
        }),
      ),
      { numRuns: 25 },
    );
  }, 120_000);
});

/** Parts of which each has one thing changed. */
function* spoil(part: Part, where: number): Generator<unknown> {
  const pieces = part.stretches;
  const at = where % pieces.length;
  const piece = pieces[at];
  if (piece === undefined) return;
  const withPiece = (change: object) => ({ ...part, stretches: pieces.with(at, { ...piece, ...change }) });
  yield { ...part, stretches: pieces.toSpliced(at, 1), entries: pieces.length === 1 ? part.entries : [] };
  yield { ...part, stretches: [...pieces, piece] };
  yield { ...part, stretches: pieces.toSpliced(at, 0, piece) };
  if (pieces.length > 1) yield { ...part, stretches: pieces.toReversed() };
  const runs = piece.runs ?? [];
  const trees = [...runs, piece.mentions];
  if (runs.length > 0) {
    yield withPiece({ runs: runs.slice(1) });
    yield withPiece({ runs: runs.slice(0, -1) });
    yield withPiece({ runs: [...runs, runs[0]] });
  }
  const tree = where % trees.length;
  const mentions = trees[tree] ?? [];
  const withTree = (change: unknown[]) =>
    tree < runs.length ? withPiece({ runs: runs.with(tree, change as Mention[]) }) : withPiece({ mentions: change });
  const [first, second] = mentions;
  if (first === undefined) return;
  yield withTree([]);
  yield withTree([first, first]);
  if (second !== undefined) {
    yield withTree([first]);
    yield withTree([second]);
    yield withTree([second, first]);
  }
  yield withTree(mentions.with(0, { ...first, index: first.index + 1 }));
  if (first.path.length > 0) yield withTree(mentions.with(0, { ...first, path: first.path.slice(1) }));
  const { places = [], ...rest } = first;
  for (const change of [[...places, 1_000_000], places.slice(1), [0, ...places], places.map((n) => n + 1)])
    yield withTree(mentions.with(0, { ...first, places: change }));
  yield withTree(mentions.with(0, { ...rest, digest: 'A'.repeat(43) }));
  if (first.query !== part.query) return;
  // What a party would do that has something to hide: leave out the entries, and that they are there.
  yield { ...part, entries: part.entries.slice(1) };
  yield { ...withTree([]), entries: [] };
  yield { ...withTree(mentions.with(0, { ...rest, digest: 'A'.repeat(43) })), entries: [] };
}

describe('a long log', () => {
  it(
    'proves it by a tree for each power of two of its stretches, at most',
    () =>
      within(async (store) => {
        const stretches = 1200;
        const portion = openJoiner(store.knex);
        for (let index = 0; index < stretches; index += 1) {
          const drafts = [index % 7, 300 + (index % 1009)].map(
            (n) => ({ did: 'decided', what: 'approve', query: queryOf(n), words: 'words' }) as const,
          );
          await store.knex.transaction((work) => enter(work, drafts, start + index * 1000));
          await sign(store, start + index * 1000);
          for (let n = 0; n < 3 && (await portion()); n += 1) continue;
        }
        await joinAll(store);
        await placeAll(store);
        for (const asked of [0, 1, 600, 1190])
          for (const query of [queryOf(3), queryOf(250), queryOf(1308)]) {
            const part = await partOf(store, query, asked === 0 ? 0 : askedAfter(asked));
            const trees = part.stretches.flatMap(({ runs = [] }) => runs).length + part.stretches.length;
            expect(part.stretches).toHaveLength(1);
            expect(trees).toBeLessThanOrEqual(Math.log2(stretches) + 2);
          }
        const kept = await store.knex('evidence_runs').count<{ many: number }[]>({ many: '*' });
        expect(kept[0]?.many).toBeLessThan(200);
      }),
    120_000,
  );
});
