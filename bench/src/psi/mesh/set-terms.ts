// What is changed in the example's agreement for a measurement: how much may be asked, how long it may take, and whether
// records are released or counted.
import { holders, limits, type Mode } from '../sample.js';

const day = 86_400;

/** Terms by the agreement's id, for lists of this many records. */
export function setTerms(elements: number, mode: Mode): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const counted = holders.map((id) => ({ id, receives: ['since'], releases: [], approval: 'none' }));
  return {
    'at-risk-children': {
      limits: { records: { most: elements }, matches: limits },
      deadlineSeconds: day,
      release: mode,
      // The terms of a count name nothing that is released.
      ...(mode === 'count' ? { holders: counted } : {}),
    },
  };
}
