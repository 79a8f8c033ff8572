// NHS numbers for invented children, with the check digit of the NHS Data Dictionary (modulus 11), never twice the same.
// The first 900,000 begin with 999, which no patient's number does.

const walked = 100_000;
const perPrefix = 9 * walked;
const prefixes = 100;
// Prime, hence without a common factor with the numbers walked over: each comes up once before any comes again.
const stride = 61_843;

/** The NHS number at a place from 0 to 89,999,999: ten digits. Places of one prefix come one after another. */
export function nhsNumberAt(place: number): string {
  const prefix = 999 - Math.floor(place / perPrefix);
  if (!Number.isInteger(place) || place < 0 || prefix <= 999 - prefixes) throw new RangeError('no such place');
  const walk = String((((place % walked) * stride) % walked) + walked).slice(1);
  const eight = `${prefix}${walk}`;
  const sum = [...eight].reduce((total, digit, at) => total + Number(digit) * (10 - at), 0);
  // The ninth digit, which weighs 2, that would ask for a check digit of 10, which does not exist: 2d = 1 - sum.
  const impossible = (((6 * (1 - sum)) % 11) + 11) % 11;
  const nth = Math.floor((place % perPrefix) / walked);
  const ninth = nth < impossible ? nth : nth + 1;
  return `${eight}${ninth}${(11 - ((sum + 2 * ninth) % 11)) % 11}`;
}
