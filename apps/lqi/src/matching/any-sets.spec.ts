import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReleaseMode, SetCombination } from '@anonymesh/protocol';
import { proofBytes, tokenShape } from '@anonymesh/psi';
import { child, type Child } from '../fixtures/set-mesh.js';
import { startTown, type Town } from '../fixtures/town.js';

const ids = ['ambulance', 'education', 'health-trust', 'housing', 'police'];
let town: Town;
beforeAll(async () => {
  town = await startTown({}, ids);
}, 60_000);
afterAll(() => town.sets.stop());

/** A row of a list: which child, and which of the two keys it has. Few, so that every overlap and repetition comes up. */
interface Entry {
  readonly n: number;
  readonly has: 'both' | 'number' | 'person';
}

const entry = fc.record({ n: fc.nat({ max: 5 }), has: fc.constantFrom<Entry['has']>('both', 'number', 'person') });
const play = fc
  .record({
    n: fc.integer({ min: 2, max: ids.length }),
    release: fc.constantFrom<ReleaseMode>('count', 'on-match', 'on-approval'),
    least: fc.integer({ min: 2, max: 6 }),
    sets: fc.array(fc.array(entry, { maxLength: 7 }), { minLength: ids.length, maxLength: ids.length }),
  })
  .map(({ n, release, least, sets }) => {
    const combination: SetCombination = least > n ? 'all' : { atLeast: least };
    return { release, combination, lists: ids.slice(0, n).map((holder, at) => ({ holder, entries: sets[at] ?? [] })) };
  });
type Play = typeof play extends fc.Arbitrary<infer Value> ? Value : never;

/** Each row says in its note where it stands, so that a released record is known again. */
const noteOf = (holder: string, at: number) => `${holder} ${at}`;

function rowOf(holder: string, { n, has }: Entry, at: number): Child {
  const whole = child(n, noteOf(holder, at));
  if (has === 'number') return { ...whole, surname: '' };
  return has === 'person' ? { ...whole, nhsNumber: null } : whole;
}

/** Plain set intersection on numbers, with nothing of the protocol. */
function expected({ lists, combination }: Play) {
  const all = lists.flatMap(({ holder, entries }) =>
    entries.map((each, at) => ({ holder, note: noteOf(holder, at), ...each })),
  );
  type One = (typeof all)[number];
  const linked = (one: One, other: One) =>
    one.n === other.n && (one.has === 'both' || other.has === 'both' || one.has === other.has);
  const needed = combination === 'all' ? lists.length : combination.atLeast;
  const matched = all.filter((one) => {
    const others = all.filter((other) => other.holder !== one.holder && linked(one, other));
    return new Set(others.map(({ holder }) => holder)).size >= needed - 1;
  });
  const left = new Set(matched);
  let people = 0;
  for (const one of matched) {
    if (!left.delete(one)) continue;
    const together = [one];
    for (const reached of together)
      for (const other of left) if (linked(reached, other) && left.delete(other)) together.push(other);
    people += Math.max(...lists.map(({ holder }) => together.filter((each) => each.holder === holder).length));
  }
  return { matched, people };
}

it('real nodes of two to five holders find what a plain intersection of any sets finds, in every mode', async () => {
  const property = fc.asyncProperty(play, async (played) => {
    const { release, combination, lists } = played;
    for (const { holder, entries } of lists)
      town.lists.set(
        holder,
        entries.map((each, at) => ({ ...rowOf(holder, each, at) })),
      );
    const limits = { records: { most: 100 }, matches: { least: 0, most: 100 } };
    const holders = lists.map(({ holder }) => holder);
    const agreement = await town.mesh.agree({ release, combination, limits }, holders);
    const combined = await town.combined(agreement, await town.ask(agreement));
    const { matched, people } = expected(played);
    const countOf = (id: string) => matched.filter(({ holder }) => holder === id).length;
    expect(combined.people).toBe(people);
    expect(combined.counts).toEqual(Object.fromEntries(holders.map((id) => [id, countOf(id)])));
    expect(combined.opened.map(({ record }) => record['note']).sort()).toEqual(
      release === 'on-match' ? matched.map(({ note }) => note).sort() : [],
    );
    const proof = proofBytes(tokenShape(agreement.content));
    for (const id of release === 'on-approval' ? holders : [])
      expect(combined.proofs.get(id)?.length).toBe(countOf(id) * proof);
  });
  await fc.assert(property, { numRuns: 12 });
}, 180_000);
