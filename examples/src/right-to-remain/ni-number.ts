// National Insurance numbers for invented people: of valid format, spread over the whole space, never twice the same.
// That a living person has the same number is chance; nothing else about the invented one is theirs.

import { scramble } from './dice.js';

const first = [...'ABCEGHJKLMNOPRSTWXYZ'];
const second = [...'ABCEGHJKLMNPRSTWXYZ'];
const neverIssued = new Set(['BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ']);
const prefixes = first.flatMap((a) => second.map((b) => a + b)).filter((prefix) => !neverIssued.has(prefix));
const suffixes = [...'ABCD'];
const digits = 1_000_000;
const space = prefixes.length * digits * suffixes.length;

// Prime, hence without a common factor with the space: walking by it meets every number once before any comes again.
const stride = 611_953_417;

/** The NI number at a place in the walk; places below the size of the space (1.5 thousand million) give distinct ones. */
export function niNumberAt(place: number): string {
  const at = (stride * (place % space)) % space;
  // Each part is shifted by what another says, which can be undone: still a permutation, without the walk's even steps.
  const prefix = at % prefixes.length;
  const number = (Math.floor(at / prefixes.length / suffixes.length) + scramble(prefix)) % digits;
  const suffix = ((Math.floor(at / prefixes.length) % suffixes.length) + scramble(number)) % suffixes.length;
  const shifted = (prefix + scramble(number * suffixes.length + suffix)) % prefixes.length;
  return `${prefixes[shifted]}${String(number).padStart(6, '0')}${suffixes[suffix]}`;
}
