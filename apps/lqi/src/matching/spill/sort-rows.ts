// Sorts packed rows by their leading bytes, in byte order: hundreds of thousands at a time, without an object for each.

/** The rows in order, from the beginning of a buffer as large as all are. Rows with equal keys keep their order. */
export function sortRows(rows: Buffer, width: number, keyBytes: number, sorted: Buffer): void {
  let to = 0;
  for (const from of orderOf(rows, width, keyBytes)) to += rows.copy(sorted, to, from * width, (from + 1) * width);
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
  if (!Number.isInteger(count)) throw new RangeError('not whole rows');
  const prefixes = new Uint32Array(count);
  const places = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    prefixes[index] = rows.readUInt32BE(index * width);
    places[index] = index;
  }
  const order = spreadBy(prefixes, 16, spreadBy(prefixes, 0, places));
  const prefix = (place: number) => prefixes[order[place] ?? 0];
  // Few keys share their first 32 bits: only those are compared byte by byte.
  for (let first = 0; first < count;) {
    let next = first + 1;
    while (next < count && prefix(next) === prefix(first)) next += 1;
    if (next - first > 1) sortAlike(order.subarray(first, next), rows, width, keyBytes);
    first = next;
  }
  return order;
}

/** The places by the 16 bits of their prefixes from `shift` on; those alike stay as they are: a pass of a radix sort. */
function spreadBy(prefixes: Uint32Array, shift: number, places: Uint32Array): Uint32Array {
  const digit = (place: number) => ((prefixes[place] ?? 0) >>> shift) & 0xffff;
  const next = new Uint32Array(2 ** 16 + 1);
  for (const place of places) next[digit(place) + 1] = (next[digit(place) + 1] ?? 0) + 1;
  for (let value = 1; value < next.length; value++) next[value] = (next[value] ?? 0) + (next[value - 1] ?? 0);
  const spread = new Uint32Array(places.length);
  for (const place of places) {
    const at = next[digit(place)] ?? 0;
    next[digit(place)] = at + 1;
    spread[at] = place;
  }
  return spread;
}

function sortAlike(order: Uint32Array, rows: Buffer, width: number, keyBytes: number): void {
  order.sort((a, b) => {
    const other = b * width;
    return rows.compare(rows, other, other + keyBytes, a * width, a * width + keyBytes) || a - b;
  });
}
