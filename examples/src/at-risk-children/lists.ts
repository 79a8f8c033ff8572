// The holders' lists in full: the cast that they share, and everybody whom one of them alone knows. Streamed, so that a
// list of a million takes no more memory than one of a hundred.

import { byNumber, byPerson, each, sharedMembers, wholly, type Knowledge, type Member } from './cast.js';
import { recordsAt, type AtRiskHolder, type Sizes } from './sizes.js';

/** How children on one list only are known: most by both keys, some without a number, some by nothing else. */
const alone: readonly Knowledge[] = [wholly, wholly, byPerson, wholly, byNumber, wholly, wholly];

/**
 * A holder's records in the order of its file: the children on several lists, spread evenly among those on this list
 * only. Throws a RangeError if the list is too short for what it shares.
 */
export function* membersAt(holder: AtRiskHolder, sizes: Sizes): Generator<[Member, Knowledge]> {
  const [size, { shared, families }] = [recordsAt(holder, sizes), countShared(holder, sizes)];
  if (shared > size) throw new RangeError(`${holder} shares ${shared} children, more than its ${size}`);
  const own = size - shared;
  const firstOwn =
    families + { 'health-trust': 0, police: sizes.healthTrust, schools: sizes.healthTrust + sizes.police }[holder];
  const together = sharedAt(holder, sizes);
  let index = 0;
  for (let place = 0; place < size; place++) {
    const turn = Math.floor(((place + 1) * shared) / size) > Math.floor((place * shared) / size);
    const next = turn ? together.next().value : undefined;
    if (next !== undefined) yield next;
    else {
      const concern = !isBelow(index, sizes);
      const known = { ...each(alone, index), concern };
      yield [{ family: firstOwn + index++, sibling: 'first', known: { [holder]: known } }, known];
    }
  }
  if (index !== own) throw new RangeError('not as many as there should be');
}

/** How many rows the holder's template must give. */
export function concernsAt(holder: AtRiskHolder, sizes: Sizes): number {
  const { shared, concerned } = countShared(holder, sizes);
  const own = recordsAt(holder, sizes) - shared;
  return concerned + own - Math.floor((own * sizes.belowThreshold) / 100);
}

function isBelow(index: number, { belowThreshold: percent }: Sizes): boolean {
  return Math.floor(((index + 1) * percent) / 100) > Math.floor((index * percent) / 100);
}

function countShared(holder: AtRiskHolder, sizes: Sizes) {
  const count = { shared: 0, concerned: 0, families: 1 };
  for (const { family, known } of sharedMembers(sizes)) {
    count.families = family + 1;
    if (known[holder] !== undefined) count.shared++;
    if (known[holder]?.concern === true) count.concerned++;
  }
  return count;
}

function* sharedAt(holder: AtRiskHolder, sizes: Sizes): Generator<[Member, Knowledge], undefined> {
  for (const member of sharedMembers(sizes)) {
    const known = member.known[holder];
    if (known !== undefined) yield [member, known];
  }
}
