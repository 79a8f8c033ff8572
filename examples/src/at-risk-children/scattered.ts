// Ids for the rows of a table, so that no two holders have the children that they share in the same order.

const stride = 7_368_787;

/** Every whole number from 1 to `count` once, in an order that looks like none, then from the start again. */
export function* scattered(count: number): Generator<number, never> {
  // Prime, and no multiple of it: hence without a common factor with the count.
  const step = count % stride === 0 ? 1 : stride;
  for (let place = 0; ; place++) yield ((place * step) % Math.max(count, 1)) + 1;
}
