// What a set query over the sample records must find, from the generator's ground truth and not from the records.

import { sharedMembers, type Knowledge } from './cast.js';
import { concernsAt } from './lists.js';
import { sizesOf, type AtRiskHolder, type Sizes } from './sizes.js';

export interface ExpectedMatches {
  /** The size of the intersection, in children. */
  readonly people: number;
  /** The holder's records that are released. */
  readonly released: Readonly<Partial<Record<AtRiskHolder, number>>>;
  /** The rows that the holder's template gives. */
  readonly sets: Readonly<Partial<Record<AtRiskHolder, number>>>;
}

export interface Asked extends Partial<Sizes> {
  readonly holders?: readonly AtRiskHolder[];
  /** How many holders must hold a child: all of them, unless told. */
  readonly atLeast?: number;
}

/**
 * Counts a child if at least one record of it is released. A holder's record is released if it shares a key with records
 * of at least `atLeast − 1` other holders itself: what one of those matches in turn does not count.
 */
export function expectedMatches(asked: Asked = {}): ExpectedMatches {
  const { holders = ['health-trust', 'police'], atLeast = holders.length, ...given } = asked;
  const sizes = sizesOf(given);
  const released = new Map(holders.map((holder) => [holder, 0]));
  let people = 0;
  for (const { known } of sharedMembers(sizes)) {
    const concerned = holders.flatMap((holder) => {
      const knowledge = known[holder];
      return knowledge?.concern === true ? [{ holder, knowledge }] : [];
    });
    const found = concerned.filter(
      (one) =>
        concerned.filter((other) => other !== one && match(one.knowledge, other.knowledge)).length >= atLeast - 1,
    );
    for (const { holder } of found) released.set(holder, (released.get(holder) ?? 0) + 1);
    if (found.length > 0) people++;
  }
  const sets = Object.fromEntries(holders.map((holder) => [holder, concernsAt(holder, sizes)]));
  return { people, released: Object.fromEntries(released), sets };
}

function match(one: Knowledge, other: Knowledge): boolean {
  if (one.nhsNumber && other.nhsNumber) return true;
  return one.person === other.person && one.person !== 'no-postcode';
}
