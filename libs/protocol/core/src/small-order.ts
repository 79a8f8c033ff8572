// X25519 points of small order: with one of them a shared secret is zero whatever the other key, known to all (RFC 7748
// section 6.1; the list is https://cr.yp.to/ecdh.html). Refused wherever a public key comes from somebody else.

const p = 2n ** 255n - 19n;
const points = new Set([
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  p - 1n,
  p,
  p + 1n,
]);

/** Whether 32 bytes, little-endian, of which the top bit does not count, are a point of small order. */
export function hasSmallOrder(key: Uint8Array): boolean {
  const number = BigInt(`0x${Buffer.from(key).reverse().toString('hex')}`);
  return points.has(BigInt.asUintN(255, number));
}
