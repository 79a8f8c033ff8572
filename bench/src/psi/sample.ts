// What is measured: two holders' lists of as many children each, of the example of children at risk, and who is on both.
import { fileURLToPath } from 'node:url';
import { expectedMatches, prepareChildren, type ExpectedMatches, type Sizes } from '@anonymesh/examples';
import type { MatchKey, ReleaseMode, SetAgreement } from '@anonymesh/protocol';

export type Mode = Extract<ReleaseMode, 'count' | 'on-match'>;
export const modes: readonly Mode[] = ['count', 'on-match'];

/** In byte order of their ids. */
export const holders = ['health-trust', 'police'] as const;
export type Holder = (typeof holders)[number];

/** Where generated records are kept between runs. */
export const cache = fileURLToPath(new URL('../../../node_modules/.cache/anonymesh', import.meta.url));

/** One of a hundred is on both lists, and a hundred at most: an agreement that lets more be released is none. */
export function sizesOf(elements: number): Sizes {
  const common = Math.min(100, Math.floor(elements / 100));
  return { healthTrust: elements, police: elements, schools: 0, common, belowThreshold: 0 };
}

export interface Sample {
  readonly elements: number;
  /** With a file for each holder. */
  readonly folder: string;
  readonly expected: ExpectedMatches;
}

/** Takes a while for many elements, once: the records are streamed into files and kept. */
export async function prepareSample(elements: number): Promise<Sample> {
  const sizes = sizesOf(elements);
  const { folder } = await prepareChildren(cache, sizes);
  return { elements, folder, expected: expectedMatches(sizes) };
}

/** The keys of the example's agreement: a child has two, and most records have both. */
export const keys: readonly MatchKey[] = [
  { label: 'nhs', fields: [{ name: 'nhsNumber', format: 'nhs-number' }] },
  {
    label: 'person',
    fields: [
      { name: 'givenName', format: 'name' },
      { name: 'surname', format: 'name' },
      { name: 'birthDate', format: 'date' },
      { name: 'postcode', format: 'postcode' },
    ],
  },
];

export const limits = { least: 1, most: 1_000 };

/** What the library is told of the agreement. */
export function agreed(mode: Mode): Pick<SetAgreement, 'combination' | 'holders' | 'keys' | 'record' | 'release'> {
  return {
    combination: 'all',
    release: mode,
    keys: [...keys],
    record: { bytes: 512 },
    holders: holders.map((id) => ({
      id,
      receives: ['since'],
      releases: mode === 'count' ? [] : ['position'],
      template: { hash: '', author: id, reviewer: id },
      approval: 'none',
    })),
  };
}
