// Sorts packed rows by their leading bytes, in byte order: hundreds of thousands at a time, without an object for each.

/** How many rows one call sorts: their index shares a double with 32 bits of the key. */
const mostRows = 2 ** 21;

/** The rows in order, from the beginning of a buffer as large as all are. Rows with equal keys keep their order. */
export function sortRows(rows: Buffer, width: number, keyBytes: number, sorted: Buffer): void {
  orderOf(rows, width, keyBytes).forEach((from, to) => {
    rows.copy(sorted, to * width, from * width, (from + 1) * width);
  });
}

/** How many different keys the rows have. */
export function distinctRows(rows: Buffer, width: number, keyBytes: number): number {
  const order = orderOf(rows, width, keyBytes);
  let distinct = Math.min(1, order.length);
  for (let place = 1; place < order.length; place++) {
    const [before, at] = [(order[place - 1] ?? 0) * width, (order[place] ?? 0) * width];
    // Few are alike in the first bytes: a call for each row would take longer than all the rest.
    const differ = rows.readUInt32BE(before) !== rows.readUInt32BE(at);
    if (differ || rows.compare(rows, before, before + keyBytes, at, at + keyBytes) !== 0) distinct += 1;
  }
  return distinct;
}

/** The places of the rows, the first in order first. `keyBytes` is at least 4. */
function orderOf(rows: Buffer, width: number, keyBytes: number): Uint32Array {
  const count = rows.length / width;
  if (!Number.isInteger(count) || count > mostRows) throw new RangeError('not so many whole rows');
  const leading = new Float64Array(count);
  for (let index = 0; index < count; index++) leading[index] = rows.readUInt32BE(index * width) * mostRows + index;
  leading.sort();
  const order = Uint32Array.from(leading, (each) => each % mostRows);
  const prefix = (place: number) => Math.floor((leading[place] ?? 0) / mostRows);
  // Few keys share their first 32 bits: only those are compared byte by byte.
  for (let first = 0; first < count;) {
    let next = first + 1;
    while (next < count && prefix(next) === prefix(first)) next += 1;
    if (next - first > 1) sortAlike(order.subarray(first, next), rows, width, keyBytes);
    first = next;
  }
  return order;
}

function sortAlike(order: Uint32Array, rows: Buffer, width: number, keyBytes: number): void {
  order.sort((a, b) => {
    const other = b * width;
    return rows.compare(rows, other, other + keyBytes, a * width, a * width + keyBytes) || a - b;
  });
}
