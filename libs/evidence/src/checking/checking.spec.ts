import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { base64url, signingKeyHere } from '@anonymesh/protocol';
import { openStore, type Store } from '@anonymesh/store';
import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEntry, textOf, type Run } from '../entries/entry.js';
import type { Counted } from '../entries/sections.js';
import { enterSome, keys, linesOf, logKey, openLog, origin, queryOf, sign } from '../fixtures/made-log.js';
import { leafHash } from '../merkle/hashes.js';
import { treeOf } from '../merkle/tree.js';
import { originOf, readCheckpoint, signCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import { writeNote } from '../notes/note.js';
import { proveConsistency } from '../store/read-hashes.js';
import { eraseSalts } from '../store/read-entries.js';
import { checkLog, type Seen } from './check-log.js';
import { say } from './finding.js';
import { judge } from './witness.js';

let folder: string;
let store: Store;
let lines: string[];
let checkpoints: SignedCheckpoint[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-evidence-'));
  store = await openStore({ kind: 'embedded', file: join(folder, 'store.db') });
  await openLog(store);
  const notes: string[] = [];
  for (const [from, to] of [
    [0, 8],
    [8, 20],
    [20, 29],
  ] as const) {
    await enterSome(store, from, to);
    notes.push((await sign(store)) ?? '');
  }
  checkpoints = notes.flatMap((note) => readCheckpoint(note) ?? []);
  lines = await linesOf(store);
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const check = (of: readonly string[], seen: readonly Seen[] = []) =>
  checkLog(of, { origin, keys: [keys.publicKey], seen });
const said = async (of: readonly string[], seen: readonly Seen[] = []) => (await check(of, seen)).findings.map(say);
/** The line of that entry. */
const place = (n: number) => lines.findIndex((line) => line.includes(`\\"n\\":${n},`));
const without = (n: number) => lines.filter((_, index) => index !== place(n));
const lineOf = (n: number) => lines[place(n)] ?? '';
const textIn = (line: string) => (JSON.parse(line) as { entry: string }).entry;
const withLeaf = (entry: string) => JSON.stringify({ entry, leaf: base64url(leafHash(entry)) });
const inPlace = (n: number, line: string) => lines.map((each, index) => (index === place(n) ? line : each));
const renumbered = (line: string, n: number) => withLeaf(textIn(line).replace(/"n":\d+/, `"n":${n}`));

describe('a log that is checked', () => {
  it('has nothing wrong with it where nothing was changed, and is bound to its last checkpoint', async () => {
    expect(checkpoints.map(({ size }) => size)).toEqual([9, 22, 32]);
    expect(await check(lines)).toEqual({ findings: [], entries: 32, bound: 32 });
    expect(
      await check(
        lines,
        checkpoints.map((checkpoint) => ({ by: 'dwp', checkpoint })),
      ),
    ).toMatchObject({ findings: [] });
  });

  it('has nothing wrong with it after the salts of its entries have been erased', async () => {
    await eraseSalts(store.knex, [0, 1, 2, 3, 4].map(queryOf));
    expect(await linesOf(store)).toEqual(lines);
  });

  it('is not bound by a checkpoint that is not there: the entries after the last are not vouched for', async () => {
    expect(await check(lines.slice(0, -1))).toEqual({ findings: [], entries: 32, bound: 22 });
  });

  it('with a changed entry says which', async () => {
    const changed = textIn(lineOf(13)).replace('"at":1', '"at":2');
    const line = JSON.stringify({ ...(JSON.parse(lineOf(13)) as object), entry: changed });
    expect(await said(inPlace(13, line))).toEqual(['entry 13 was changed: its text no longer has its hash']);
  });

  it('with a changed entry and its hash says between which checkpoints', async () => {
    const line = withLeaf(textIn(lineOf(13)).replace('"at":1', '"at":2'));
    expect(await said(inPlace(13, line))).toEqual([
      'entries 9 to 21, at least one of them, are not what was signed: the next checkpoint does not fit',
    ]);
  });

  it('with a removed entry says which, in the middle and at the end', async () => {
    expect(await said(without(13))).toEqual(['entry 13 is missing']);
    expect(await said(lines.filter((_, index) => index !== place(13) && index !== place(14)))).toEqual([
      'entries 13 to 14 are missing',
    ]);
    expect(await said(without(31))).toEqual(['entry 31 is missing']);
  });

  it('with a removed entry, and the others moved up, says between which checkpoints', async () => {
    const entries = lines.filter((line) => line.startsWith('{"entry":'));
    const closed = entries.toSpliced(13, 1).map((line, n) => renumbered(line, n));
    const withCheckpoints = checkpoints.flatMap(({ size, note }, index) => [
      ...closed.slice(checkpoints[index - 1]?.size ?? 0, size),
      JSON.stringify({ checkpoint: writeNote(note) }),
    ]);
    const findings = await said([lines[0] ?? '', ...withCheckpoints]);
    expect(findings).toContain(
      'entries 9 to 21, at least one of them, are not what was signed: the next checkpoint does not fit',
    );
    expect(findings).toContain('entry 31 is missing');
  });

  it('with two entries in each other\u2019s place says which was moved', async () => {
    const swapped = inPlace(13, lineOf(15)).map((line, index) => (index === place(15) ? lineOf(13) : line));
    const findings = await said(swapped);
    expect(findings).toContain('entry 13 was moved: it stands after entry 15');
  });

  it('with an inserted entry says after which', async () => {
    const inserted = lines.toSpliced(place(13), 0, renumbered(lineOf(20), 12));
    expect(await said(inserted)).toEqual([
      'an entry was inserted after entry 12: it says that it is number 12, which there is',
    ]);
  });

  it('with an entry appended after its end is found out by its next checkpoint', async () => {
    const [last = ''] = lines.slice(-1);
    const appended = [...lines.slice(0, -1), renumbered(lineOf(20), 32), last];
    expect((await check(appended)).findings).not.toEqual([]);
  });

  it('that miscounts its queries says where, even where its party signed it', async () => {
    const { size } = checkpoints[0] ?? { size: 0 };
    const entry = textIn(lineOf(8)).replace('"queries":5', '"queries":4');
    const leaves = lines.slice(1, place(8)).map((line) => leafHash(textIn(line)));
    const note = await signCheckpoint({ origin, size, root: treeOf([...leaves, leafHash(entry)]).root }, logKey.key);
    const log = [...lines.slice(0, place(8)), withLeaf(entry), JSON.stringify({ checkpoint: note })];
    expect(await said(log)).toEqual(['entry 8 counts the queries before it wrongly']);
  });

  it.each<[string, (runs: Run[]) => Run[]]>([
    [
      'one query too many',
      ([one, ...rest]) => (one === undefined ? [] : [{ ...one, queries: one.queries + 1 }, ...rest]),
    ],
    ['another root', ([one, other]) => (one && other ? [{ ...one, root: other.root }, other] : [])],
    ['another beginning', ([one, other]) => (one && other ? [one, { ...other, from: other.from + 1 }] : [])],
    ['another time', ([one, other]) => (one && other ? [one, { ...other, at: other.at - 1 }] : [])],
    ['one that is not of both', ([one]) => (one === undefined ? [] : [one])],
    ['one that begins before the other', (runs) => runs.toReversed()],
  ])('that lists runs wrongly, with %s, says where, even where its party signed it', async (_what, change) => {
    const { v: _v, n: _n, ...counted } = readEntry(textIn(lineOf(31))) as Counted;
    expect(counted.runs).toHaveLength(2);
    const entry = textOf({ ...counted, runs: change(counted.runs ?? []) }, 31);
    const leaves = lines.flatMap((line) => (line.startsWith('{"entry":') ? [leafHash(textIn(line))] : []));
    const root = treeOf(leaves.with(31, leafHash(entry))).root;
    const note = await signCheckpoint({ origin, size: 32, root }, logKey.key);
    const log = [...lines.slice(0, place(31)), withLeaf(entry), JSON.stringify({ checkpoint: note })];
    expect(await said(log)).toEqual(['entry 31 counts the queries before it wrongly']);
  });

  it('is not believed by checkpoints of a stranger or of another log', async () => {
    const stranger = signingKeyHere(generateKeyPairSync('ed25519').privateKey);
    const [last] = checkpoints.slice(-1);
    if (last === undefined) throw new Error('no checkpoint');
    const forged = JSON.stringify({ checkpoint: await signCheckpoint(last, stranger) });
    const others = JSON.stringify({
      checkpoint: await signCheckpoint({ ...last, origin: originOf('dwp', 'x') }, logKey.key),
    });
    expect(await check([...lines.slice(0, -1), forged])).toMatchObject({
      findings: [{ kind: 'unsigned', size: 32 }],
      bound: 22,
    });
    expect(await check([...lines.slice(0, -1), others])).toMatchObject({ findings: [{ kind: 'foreign' }], bound: 22 });
  });

  it('that was rolled back is found out by whoever has seen more of it', async () => {
    const seen = checkpoints.map((checkpoint) => ({ by: 'dwp', checkpoint }));
    const earlier = lines.slice(0, place(22));
    expect((await check(earlier)).findings).toEqual([]);
    expect(await said(earlier, seen)).toEqual([
      'the log was rolled back: dwp has seen it with 32 entries; entries 22 to 31 are missing',
    ]);
  });

  it('that was forked is found out by whoever has seen the other one', async () => {
    const other = await openStore({ kind: 'embedded', file: join(folder, 'other.db') });
    await openLog(other);
    await enterSome(other, 0, 8);
    await sign(other);
    await enterSome(other, 8, 20);
    await sign(other);
    const forked = await linesOf(other);
    expect((await check(forked)).findings).toEqual([]);
    const seen = checkpoints.map((checkpoint) => ({ by: 'dwp', checkpoint }));
    const stranger = signingKeyHere(generateKeyPairSync('ed25519').privateKey);
    const forged = await Promise.all(checkpoints.map((checkpoint) => signCheckpoint(checkpoint, stranger)));
    const madeUp = forged.flatMap((note) => readCheckpoint(note) ?? []);
    expect(
      await said(
        forked,
        madeUp.map((checkpoint) => ({ by: 'dwp', checkpoint })),
      ),
    ).toEqual([]);
    expect((await said(forked, seen.slice(1, 2)))[0]).toMatch(/^the log was forked: dwp was shown another one; /);
    await other.close();
  });

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['another object', '{"entry":"x"}'],
    ['an entry that is none', JSON.stringify({ entry: '{}', leaf: base64url(leafHash('{}')) })],
    ['a checkpoint that is none', '{"checkpoint":"x"}'],
    ['something beside', JSON.stringify({ entry: 'x', leaf: base64url(leafHash('x')), more: 1 })],
  ])('says which line is %s', async (_what, line) => {
    expect(await said([...lines, line])).toContain(`line ${lines.length + 1} is no entry and no checkpoint`);
  });

  it('is never found good with any one character of it changed', async () => {
    const text = lines.join('\n');
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 33, max: 126 }), async (at, code) => {
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        if (changed === text) return;
        const { findings, bound } = await check(changed.split('\n'));
        expect(findings.length > 0 || bound < 32).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a witness', () => {
  const known = (last: SignedCheckpoint | undefined, at = 100) => ({
    origin,
    keys: [keys.publicKey],
    last: last && { checkpoint: last, at },
  });
  const noteOf = (size: number, change: Partial<SignedCheckpoint> = {}, key = logKey.key) => {
    const found = checkpoints.find((each) => each.size === size);
    if (found === undefined) throw new Error('no checkpoint');
    return signCheckpoint({ ...found, ...change }, key);
  };
  const at = (size: number) => checkpoints.find((each) => each.size === size);

  it('takes the first that it sees, one that it knows, and one that is proven to continue it', async () => {
    expect(judge({ checkpoint: await noteOf(9), from: 0, proof: [], at: 1 }, known(undefined))).toMatchObject({
      size: 9,
    });
    expect(judge({ checkpoint: await noteOf(9), from: 0, proof: [], at: 200 }, known(at(9)))).toMatchObject({
      size: 9,
    });
    const proof = await proveConsistency(store.knex, 9, 32);
    expect(judge({ checkpoint: await noteOf(32), from: 9, proof, at: 200 }, known(at(9)))).toMatchObject({ size: 32 });
  });

  it('objects to a fork, a rollback, and what is not proven', async () => {
    const proof = await proveConsistency(store.knex, 9, 32);
    const other = { root: leafHash('another history') };
    const judged = (checkpoint: string, from: number, path: Buffer[], last = at(9), when = 200) =>
      judge({ checkpoint, from, proof: path, at: when }, known(last));
    expect(judged(await noteOf(9, other), 0, [])).toBe('forked');
    expect(judged(await noteOf(32, other), 9, proof)).toBe('forked');
    expect(judged(await noteOf(32), 9, proof.slice(1))).toBe('forked');
    expect(judged(await noteOf(32), 22, proof)).toBe('unproven');
    expect(judged(await noteOf(9), 0, [], at(22))).toBe('rolled-back');
    expect(judged(await noteOf(9), 0, [], at(22), 50)).toBe('late');
  });

  it('objects to what is not signed by the log, or is of another', async () => {
    const stranger = signingKeyHere(generateKeyPairSync('ed25519').privateKey);
    const judged = (checkpoint: string) => judge({ checkpoint, from: 0, proof: [], at: 1 }, known(undefined));
    expect(judged(await noteOf(9, {}, stranger))).toBe('unsigned');
    expect(judged(await noteOf(9, { origin: originOf('dwp', 'x') }))).toBe('malformed');
    expect(judged('')).toBe('malformed');
  });
});
