// What is measured: two holders' lists of as many people each, and how many are on both.
import { fileURLToPath } from 'node:url';
import type { MatchKey, ReleaseMode, SetAgreement } from '@anonymesh/protocol';
import { holders } from './holders.js';
import { commonOf, prepareLists } from './lists/write-lists.js';

export type Mode = Extract<ReleaseMode, 'count' | 'on-match'>;
export const modes: readonly Mode[] = ['count', 'on-match'];

/** Where generated lists are kept between runs. */
export const cache = fileURLToPath(new URL('../../../node_modules/.cache/anonymesh', import.meta.url));

export interface Sample {
  readonly elements: number;
  /** With a file for each holder. */
  readonly folder: string;
  /** How many people are on both lists. */
  readonly common: number;
}

/** Takes a while for many elements, once: the lists are kept. */
export async function prepareSample(elements: number, below = cache): Promise<Sample> {
  return { elements, folder: await prepareLists(below, elements), common: commonOf(elements) };
}

/** One key, so that an element is one point. */
export const keys: readonly MatchKey[] = [{ label: 'nhs', fields: [{ name: 'nhsNumber', format: 'nhs-number' }] }];

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
      receives: [],
      releases: released(mode),
      template: { hash: '', author: id, reviewer: id },
      approval: 'none',
    })),
  };
}

export function released(mode: Mode): string[] {
  return mode === 'count' ? [] : ['position'];
}
