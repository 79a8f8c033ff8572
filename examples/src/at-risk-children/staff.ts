// The invented people to ring about a child. Their numbers are of the range that Ofcom keeps for fiction in Manchester.

import type { Dice } from '../right-to-remain/dice.js';
import { givenNames, surnames } from '../right-to-remain/names.js';

export function drawName(dice: Dice): string {
  return `${dice.pick(givenNames)} ${dice.pick(surnames)}`;
}

/** 0161 496 0000 to 0161 496 0999 belong to nobody. */
export function drawTelephone(dice: Dice): string {
  return `0161 496 0${String(dice.between(0, 999)).padStart(3, '0')}`;
}
