// Who stands on whose list, and how: the ground truth of the example. Children on several lists come in kinds, each of
// which shows one thing that matching must do or must not do.

import { childOf, transposedBirthday, type Sibling } from './children.js';
import type { AtRiskHolder, Sizes } from './sizes.js';

/** What a holder has on record of a child. */
export interface Knowledge {
  readonly nhsNumber: boolean;
  /** How the rest differs from the truth; a record without a postcode has no whole second key. */
  readonly person: 'right' | 'no-postcode' | 'former-postcode' | 'misheard' | 'transposed';
  /** Whether the holder's template finds the child. */
  readonly concern: boolean;
}

export interface Member {
  readonly family: number;
  readonly sibling: Sibling;
  readonly known: Partial<Record<AtRiskHolder, Knowledge>>;
}

export const wholly: Knowledge = { nhsNumber: true, person: 'right', concern: true };
export const byNumber: Knowledge = { ...wholly, person: 'no-postcode' };
export const byPerson: Knowledge = { ...wholly, nhsNumber: false };
const formerHome: Knowledge = { ...wholly, person: 'former-postcode' };
const misspelt: Knowledge = { ...wholly, person: 'misheard' };
const unconcerned: Knowledge = { ...wholly, concern: false };

/** Found by both keys, by the number alone, by the person alone; on record at an old home, or under another spelling. */
const together: readonly Required<Member['known']>[] = [
  { 'health-trust': wholly, police: wholly, schools: wholly },
  { 'health-trust': byNumber, police: wholly, schools: wholly },
  { 'health-trust': wholly, police: byPerson, schools: byPerson },
  // The health trust matches both, which do not match each other.
  { 'health-trust': wholly, police: formerHome, schools: byPerson },
  { 'health-trust': wholly, police: misspelt, schools: wholly },
];

/** On both lists, but without a key in common: a machine must not guess. */
const missed: readonly Member['known'][] = [
  { 'health-trust': wholly, police: { ...misspelt, nhsNumber: false } },
  { 'health-trust': byPerson, police: { ...wholly, person: 'transposed' } },
  { 'health-trust': byNumber, police: byPerson },
  { 'health-trust': wholly, police: { ...formerHome, nhsNumber: false } },
];

const belowThreshold: readonly Member['known'][] = [
  { 'health-trust': unconcerned, police: wholly },
  { 'health-trust': wholly, police: unconcerned },
  { 'health-trust': unconcerned, police: unconcerned },
];

/** Every child on more than one list, and some twins of theirs; about three times `common` of them. */
export function* sharedMembers({ common, schools }: Sizes): Generator<Member> {
  let family = 0;
  const next = (known: Member['known']): Member => ({ family: ++family, sibling: 'first', known });
  for (let index = 0; index < common; index++) {
    const { schools: atSchool, ...known } = each(together, index);
    const everywhere = schools > 0 && index % 3 === 0 ? { ...known, schools: atSchool } : known;
    // The third of every ten is the second one's twin: both are on the lists.
    yield index % 10 === 2 ? { family, sibling: 'twin', known: everywhere } : next(everywhere);
    // The eighth's twin is on one list, and is not to be taken for the child whose number the police do not know.
    if (index % 10 === 7) yield { family, sibling: 'twin', known: { 'health-trust': wholly } };
  }
  for (let index = 0; index < Math.floor(common / 5); index++) {
    const known = each(missed, index);
    if (known.police?.person === 'transposed') family = beforeTransposable(family);
    yield next(known);
    yield next(each(belowThreshold, index));
  }
  if (schools === 0) return;
  for (let index = 0; index < Math.floor(common / 2); index++)
    yield next({ 'health-trust': wholly, schools: index % 2 === 0 ? byPerson : wholly });
  for (let index = 0; index < Math.floor(common / 4); index++)
    yield next({ police: index % 2 === 0 ? wholly : byPerson, schools: byPerson });
  for (let index = 0; index < Math.floor(common / 10); index++) yield next({ police: wholly, schools: unconcerned });
}

function beforeTransposable(family: number): number {
  let before = family;
  while (transposedBirthday(childOf(before + 1, 'first').birthDate) === undefined) before++;
  return before;
}

/** The list over and over. */
export function each<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new RangeError('an empty list');
  return found;
}
