// The scalar of a call: halved, because the encoding doubles (see encode.ts), and cut into signed digits of four bits.
// It is secret: no branch and no address depends on it.

/** Where a call's scalar is put: 32 bytes, little-endian, below the order of the group. */
export const scalar: usize = memory.data(32, 16);

/** The number of digits; a point is doubled four times between two. */
export const DIGITS: i32 = 64;
const digits: usize = memory.data(64, 16);

const order: usize = memory.data<u64>([0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000]);
const half: usize = memory.data(40, 16);

/** The digit of 16^index: from -8 to 7. */
export function digit(index: i32): i32 {
  return load<i8>(digits + index);
}

export function prepareDigits(): void {
  halve();
  let carry: i32 = 0;
  for (let index = 0; index < DIGITS; index++) {
    const value = (((<i32>load<u8>(half + (index >> 1))) >> ((index & 1) << 2)) & 15) + carry;
    carry = (value + 8) >> 4;
    store<i8>(digits + index, <i8>(value - (carry << 4)));
  }
}

// An odd scalar becomes even by adding the order, which is odd.
function halve(): void {
  const odd = 0 - (load<u64>(scalar) & 1);
  let carry: u64 = 0;
  for (let at: usize = 0; at < 32; at += 8) {
    const some = load<u64>(scalar + at) + carry;
    const all = some + (load<u64>(order + at) & odd);
    carry = (<u64>(some < carry)) | (<u64>(all < some));
    store<u64>(half + at, all);
  }
  for (let at: usize = 0; at < 32; at += 8) {
    store<u64>(half + at, (load<u64>(half + at) >> 1) | (load<u64>(half + at + 8) << 63));
  }
}
