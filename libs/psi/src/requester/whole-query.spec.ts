import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReleaseMode, SetCombination } from '@anonymesh/protocol';
import type { Combined } from '../combiner/combiner.js';
import { openOuter } from '../combiner/open-outer.js';
import type { ReleasedRecord } from '../combiner/released.js';
import { keyInputs } from '../holder/key-inputs.js';
import { checkMatched, packProof, unpackProofs } from '../holder/matched-proof.js';
import { sealRecord } from '../holder/sealed-record.js';
import { keys, type Play, playQuery, releases, type Row } from './fixtures/play-query.js';
import { openRecord } from './open-record.js';

const ids = ['ambulance', 'education', 'health-trust', 'housing', 'police'];
const noLimits = { least: 0, most: 10_000 };
let root: string;
let plays = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'psi-'));
});
afterAll(() => rm(root, { recursive: true }));

const folder = () => join(root, `${plays++}`);

/** Few numbers, names and days, so that every overlap comes up; at least one key is there. */
const row = fc
  .record({
    nhsNumber: fc.constantFrom('9434765919', '943 476 5870', '4010232137', ''),
    surname: fc.constantFrom('Okafor', 'o\u2019neill', "O'Neill", 'Smith-Jones', 'Zoë', ''),
    birthDate: fc.constantFrom('2014-03-09', '2015-11-30'),
    note: fc.string({ maxLength: 4 }),
  })
  .filter(({ nhsNumber, surname }) => nhsNumber !== '' || surname !== '');

const query = fc
  .record({
    n: fc.integer({ min: 2, max: 5 }),
    slots: fc.constantFrom(1, 2),
    release: fc.constantFrom<ReleaseMode>('count', 'on-match', 'on-approval'),
    least: fc.integer({ min: 2, max: 6 }),
    sets: fc.array(fc.array(row, { maxLength: 6 }), { minLength: 5, maxLength: 5 }),
  })
  .map(({ n, slots, release, least, sets }): Omit<Play, 'folder'> => {
    const usable = (each: Row) => slots === 2 || each.nhsNumber !== '';
    const combination: SetCombination = least > n ? 'all' : { atLeast: least };
    const all = ids.slice(0, n).map((id, at) => [id, (sets[at] ?? []).filter(usable)] as const);
    return { slots, release, combination, padded: 8, sets: Object.fromEntries(all) };
  });

/** Plain set intersection, on values: nothing of the library but how a value is written. */
function expected({ sets, slots, combination }: Omit<Play, 'folder'>) {
  const records = Object.entries(sets).flatMap(([holder, rows]) =>
    rows.map((each, record) => {
      const nhs = each.nhsNumber?.replaceAll(' ', '') ?? '';
      const surname = each.surname?.toLowerCase().replace('\u2019', "'") ?? '';
      const person = slots === 2 && surname !== '' ? `${surname}/${each.birthDate}` : '';
      return { holder, record, row: each, keys: [nhs, person].filter((key) => key !== '') };
    }),
  );
  type One = (typeof records)[number];
  const linked = (one: One, other: One) => one.keys.some((key) => other.keys.includes(key));
  const needed = combination === 'all' ? Object.keys(sets).length : combination.atLeast;
  const matched = records.filter((one) => {
    const others = records.filter((other) => other.holder !== one.holder && linked(one, other));
    return new Set(others.map(({ holder }) => holder)).size >= needed - 1;
  });
  let people = 0;
  const left = new Set(matched);
  for (const one of matched) {
    if (!left.delete(one)) continue;
    const component = [one];
    for (const reached of component)
      for (const other of left) if (linked(reached, other) && left.delete(other)) component.push(other);
    const sizes = Object.keys(sets).map((id) => component.filter(({ holder }) => holder === id).length);
    people += Math.max(...sizes);
  }
  return { matched, people };
}

async function listed(combined: Combined): Promise<ReleasedRecord[]> {
  const all: ReleasedRecord[] = [];
  for await (const each of combined.released()) all.push(each);
  return all;
}

const nameOf = ({ holder, record }: { holder: string; record: number }) => `${holder} ${record}`;

function requireCombined(combined: Combined | string): Combined {
  if (typeof combined === 'string') throw new Error(combined);
  return combined;
}

describe('a set query', () => {
  it('finds what a plain intersection finds, and releases each record once, in every mode', async () => {
    const property = fc.asyncProperty(query, async (play) => {
      const { query, shape, parts, combiner, records } = await playQuery({ ...play, folder: folder() });
      const combined = requireCombined(await combiner.combine(records, noLimits));
      const { matched, people } = expected(play);
      expect(combined.people).toBe(people);
      for (const id of shape.holders)
        expect(combined.counts[id]).toBe(matched.filter(({ holder }) => holder === id).length);
      const found = await listed(combined);
      if (play.release === 'count') return expect(found).toEqual([]);
      expect(found.map(nameOf).sort()).toEqual(matched.map(nameOf).sort());
      for (const each of found) {
        const part = parts.get(each.holder)!;
        const recordKeys = { query, exportSecret: part.exportSecret };
        const { row } = matched.find((one) => nameOf(one) === nameOf(each))!;
        if (play.release === 'on-match') {
          const sealed = openOuter(query, shape, each)!;
          const opened = openRecord(recordKeys, releases, sealed);
          expect(opened).toEqual({ surname: row.surname, note: row.note });
        } else {
          const slots = play.slots * 32;
          const points = part.points.subarray(each.record * slots, (each.record + 1) * slots);
          const [proof] = unpackProofs(shape, 8, packProof(shape, each))!;
          const input = { query, shape, holder: each.holder, pairSecrets: part.pairSecrets, points };
          expect(checkMatched(input, proof!)).toBe(true);
          const otherRecord = { ...input, points: Buffer.alloc(slots, 1) };
          expect(checkMatched(otherRecord, proof!)).toBe(false);
        }
      }
    });
    await fc.assert(property, { numRuns: 40 });
  });

  const people = (...numbers: string[]): Row[] =>
    numbers.map((nhsNumber, at) => ({ nhsNumber, surname: `Name ${'ABC'[at]}`, birthDate: '2014-03-09', note: 'x' }));
  const [first = '', second = '', third = ''] = ['9434765919', '9434765870', '4010232137'];

  it('keeps a record that no other holder has closed to all keys of the aggregator and the requester', async () => {
    for (const combination of ['all', { atLeast: 2 }] as const) {
      const sets = {
        'health-trust': people(first, second),
        housing: people(first),
        police: people(first, third),
      };
      const play = { folder: folder(), release: 'on-match', combination, slots: 1, padded: 4, sets } as const;
      const { query, shape, parts, combiner, records } = await playQuery(play);
      const combined = requireCombined(await combiner.combine(records, noLimits));
      expect(combined.counts).toEqual({ 'health-trust': 1, housing: 1, police: 1 });
      // Every gate that anybody gave the aggregator, put in every place, with the shares of two places together.
      const gates = [...parts.values()].flatMap(({ tokens }) =>
        Array.from({ length: tokens.length / 16 }, (_, at) => tokens.subarray(at * 16, at * 16 + 16)).filter(
          (_, at) => (at * 16) % shape.bytes >= shape.gates && (at * 16) % shape.bytes < shape.envelope,
        ),
      );
      expect(gates).toHaveLength(24);
      const envelopeOf = (holder: string, record: number) => {
        const token = record * shape.bytes;
        return parts.get(holder)!.tokens.subarray(token + shape.envelope, token + shape.bytes);
      };
      const opens = (holder: string, record: number) =>
        gates.some((one) =>
          gates.some((other) => {
            const tried = { holder, record, envelope: envelopeOf(holder, record), gates: [[one], [other]] };
            return openOuter(query, shape, tried) !== undefined;
          }),
        );
      expect(opens('health-trust', 0)).toBe(true);
      expect(opens('health-trust', 1)).toBe(false);
      expect(opens('police', 1)).toBe(false);
    }
  });

  it('does not open by fewer holders than must hold a person, though one has matched', async () => {
    const sets = { 'health-trust': people(first), housing: people(first), police: people(second) };
    const play = { folder: folder(), release: 'on-match', combination: 'all', slots: 1, padded: 2, sets } as const;
    const { query, shape, parts, combiner, records } = await playQuery(play);
    expect(requireCombined(await combiner.combine(records, noLimits)).people).toBe(0);
    const { tokens } = parts.get('health-trust')!;
    const housing = parts.get('housing')!.tokens;
    const gate = housing.subarray(shape.gates, shape.gates + 16);
    const envelope = tokens.subarray(shape.envelope, shape.bytes);
    const released = { holder: 'health-trust', record: 0, envelope, gates: [[gate], [undefined]] };
    expect(openOuter(query, shape, released)).toBe(undefined);
  });

  it('opens nothing for a requester with another key, or of another query', async () => {
    const play = { folder: folder(), release: 'on-match', combination: 'all', slots: 1, padded: 2 } as const;
    const sets = { housing: people(first), police: people(first) };
    const { query, shape, parts, combiner, records } = await playQuery({ ...play, sets });
    const [one] = await listed(requireCombined(await combiner.combine(records, noLimits)));
    const sealed = openOuter(query, shape, one!)!;
    const { exportSecret } = parts.get('housing')!;
    expect(openRecord({ query, exportSecret }, releases, sealed)).toBeDefined();
    expect(openRecord({ query, exportSecret: parts.get('police')!.exportSecret }, releases, sealed)).toBe(undefined);
    expect(openRecord({ query: '0'.repeat(32), exportSecret }, releases, sealed)).toBe(undefined);
    expect(openRecord({ query, exportSecret }, ['surname'], sealed)).toBe(undefined);
    expect(openRecord({ query, exportSecret }, releases, { ...sealed, salt: Buffer.alloc(15) })).toBe(undefined);
    for (const inner of [Buffer.alloc(0), sealed.inner.subarray(1), sealed.inner.subarray(0, 15)])
      expect(openRecord({ query, exportSecret }, releases, { ...sealed, inner })).toBe(undefined);
  });

  it('releases an approved record as it releases a matched one', () => {
    const recordKeys = { query: 'ab'.repeat(16), exportSecret: Buffer.alloc(32, 7) };
    const salt = Buffer.alloc(16, 1);
    const sealed = (text: string) => ({ salt, inner: sealRecord(recordKeys, salt, Buffer.from(text)) });
    expect(openRecord(recordKeys, ['note'], sealed('{"note":1}  '))).toEqual({ note: 1 });
    for (const text of [
      '{"note":[]}',
      '{"note":{}}',
      '[1]',
      'null',
      '"note"',
      '{}',
      '{"note":1,"more":2}',
      '{',
      '\xff',
    ])
      expect(openRecord(recordKeys, ['note'], sealed(text))).toBe(undefined);
  });

  it('lets a holder that gives a wrong gate keep back what needs it, and no more', async () => {
    const sets = { 'health-trust': people(first), housing: people(first), police: people(first) };
    for (const [combination, opened] of [
      ['all', false],
      [{ atLeast: 2 }, true],
    ] as const) {
      const play = { folder: folder(), release: 'on-match', combination, slots: 1, padded: 2, sets } as const;
      const { query, shape, combiner, records } = await playQuery(play);
      const [one] = await listed(requireCombined(await combiner.combine(records, noLimits)));
      const wrong = { ...one!, gates: [[Buffer.alloc(16, 9)], ...one!.gates.slice(1)] };
      expect(openOuter(query, shape, wrong) !== undefined).toBe(opened);
    }
  });

  it('puts nothing before the aggregator that names a person, in the clear or hashed', async () => {
    const at = folder();
    const sets = { housing: people(first, second), police: people(first, third) };
    const play = { folder: at, release: 'on-match', combination: 'all', slots: 2, padded: 16, sets } as const;
    const { parts, combiner, records } = await playQuery(play);
    const combined = requireCombined(await combiner.combine(records, noLimits));
    const held = Buffer.concat([
      ...(await Promise.all((await readdir(at)).map((name) => readFile(join(at, name))))),
      ...(await listed(combined)).flatMap((each) => [each.envelope, ...each.gates.flat().filter((gate) => !!gate)]),
    ]);
    const rows = Object.values(sets).flat();
    const inputs = rows.flatMap((each) => [...keyInputs(keys, each)]).filter((each) => typeof each === 'object');
    const texts = rows.flatMap(({ nhsNumber, surname }) => [nhsNumber!, surname!, surname!.toLowerCase()]);
    const secrets: Buffer[] = [
      ...[...texts, 'birthDate', '2014-03-09'].map((text) => Buffer.from(text)),
      ...inputs,
      ...[...parts.values()].flatMap(({ points }) =>
        Array.from({ length: points.length / 32 }, (_, index) => points.subarray(index * 32, index * 32 + 32)),
      ),
      ...[...parts.values()].flatMap(({ pairSecrets, exportSecret }) => [
        ...Object.values(pairSecrets).map((secret) => Buffer.from(secret)),
        exportSecret,
      ]),
    ];
    for (const secret of secrets) {
      expect(held.includes(secret)).toBe(false);
      for (const algorithm of ['sha256', 'sha512'])
        expect(held.includes(createHash(algorithm).update(secret).digest().subarray(0, 16))).toBe(false);
    }
    // It does hold what it should: the check above can fail.
    expect(held.includes(parts.get('police')!.tokens.subarray(0, 16))).toBe(true);
  });
});
