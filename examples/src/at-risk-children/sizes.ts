// How many records each holder of the example has, and how many children are on more than one list.

export type AtRiskHolder = 'health-trust' | 'police' | 'schools';

export interface Sizes {
  /** Records at each holder, whether or not they are above the holder's threshold. */
  readonly healthTrust: number;
  readonly police: number;
  /** None: then nobody is on a school's list. */
  readonly schools: number;
  /** Children whom both the health trust and the police have a serious concern about, and can be found by a key. */
  readonly common: number;
  /** Per cent of the records of children on one list only that are below the holder's threshold. */
  readonly belowThreshold: number;
}

export const exampleSizes: Sizes = {
  healthTrust: 2_000,
  police: 5_000,
  schools: 3_000,
  common: 60,
  belowThreshold: 10,
};

/** Throws a RangeError for what is no number of records; lists too short for what they share are found when written. */
export function sizesOf(given: Partial<Sizes> = {}): Sizes {
  const sizes = { ...exampleSizes, ...given };
  const records = Object.values(sizes).every((size) => Number.isInteger(size) && size >= 0 && size <= 12_000_000);
  if (!records || sizes.belowThreshold > 100) throw new RangeError('not sizes');
  return sizes;
}

export function recordsAt(holder: AtRiskHolder, { healthTrust, police, schools }: Sizes): number {
  return { 'health-trust': healthTrust, police, schools }[holder];
}
