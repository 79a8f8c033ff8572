// The numbers of RFC 9496, section 4.1, as elements in both lanes. The words are little-endian; the RFC's vectors check
// them.
import { multiply } from './product';
import { readBoth } from './element';

export const zero: usize = memory.data(80, 16);
export const one: usize = memory.data(80, 16);
export const d: usize = memory.data(80, 16);
/** 2 * d */
export const twoD: usize = memory.data(80, 16);
/** SQRT_M1 */
export const sqrtMinusOne: usize = memory.data(80, 16);
/** ONE_MINUS_D_SQ: 1 - d^2 */
export const oneMinusDSquare: usize = memory.data(80, 16);
/** D_MINUS_ONE_SQ: (d - 1)^2 */
export const dMinusOneSquare: usize = memory.data(80, 16);
/** SQRT_AD_MINUS_ONE: the root of -d - 1 */
export const rootADMinusOne: usize = memory.data(80, 16);
/** INVSQRT_A_MINUS_D: 1 / the root of -1 - d */
export const inverseRootAMinusD: usize = memory.data(80, 16);

const bytes: usize = memory.data<u64>([
  1, 0, 0, 0, 0x75eb4dca135978a3, 0x00700a4d4141d8ab, 0x8cc740797779e898, 0x52036cee2b6ffe73, 0xebd69b9426b2f159,
  0x00e0149a8283b156, 0x198e80f2eef3d130, 0x2406d9dc56dffce7, 0xc4ee1b274a0ea0b0, 0x2f431806ad2fe478,
  0x2b4d00993dfbd7a7, 0x2b8324804fc1df0b, 0xe27c09c1945fc176, 0x2c81a138cd5e350f, 0x9994abddbe70dfe4,
  0x029072a8b2b3e0d7, 0x31ad5aaa44ed4d20, 0xd29e4a2cb01e1999, 0x4cdcd32f529b4eeb, 0x5968b37af66c2241,
  0x7e97f6a0497b2e1b, 0xaf9d8e0c1b7854bd, 0x0f3cfcc931f5d1fd, 0x376931bf2b8348ac, 0x99c8fdaa805d40ea,
  0x9d2f16175a4172be, 0x16c27b91fe01d840, 0x786c8905cfaffca2,
]);

/** Reads them. Has to be called once, after `prepare`. */
export function prepareCurve(): void {
  readBoth(one, bytes);
  readTight(d, 1);
  readTight(twoD, 2);
  readTight(sqrtMinusOne, 3);
  readTight(oneMinusDSquare, 4);
  readTight(dMinusOneSquare, 5);
  readTight(rootADMinusOne, 6);
  readTight(inverseRootAMinusD, 7);
}

function readTight(out: usize, index: usize): void {
  readBoth(out, bytes + index * 32);
  multiply(out, one, out);
}
