// What is filled into the agreement for a measurement: how much may be asked, and whether records are released or counted.
import { holders } from '../holders.js';
import { limits, released, type Mode } from '../sample.js';

/** Terms by the agreement's id, for lists of this many records. */
export function setTerms(elements: number, mode: Mode): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return {
    'two-lists': {
      limits: { records: { most: elements }, matches: limits },
      release: mode,
      holders: holders.map((id) => ({ id, receives: [], releases: released(mode), approval: 'none' })),
    },
  };
}
