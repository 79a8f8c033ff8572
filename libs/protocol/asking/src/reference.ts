// The reference: 80 random bits that the applicant is given. From it, and from nothing else, follow the lookup id under
// which the coordinator keeps the slip, and the key that opens slip and explanations (docs/protocol.md section 8).
import { createPrivateKey, createPublicKey, hkdfSync, randomBytes, scrypt, type KeyObject } from 'node:crypto';
import {
  base64url,
  lengthPrefixed,
  rawPublicKey,
  thumbprint,
  type PrivateKey,
  type PublicKey,
} from '@anonymesh/protocol';

const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford base32
const checkSymbols = `${symbols}*~$=U`;

/** Sixteen symbols in groups of four, and a check symbol: `ABCD-EFGH-JKMN-PQRS-T`. */
export function mintReference(): string {
  let bits = BigInt(`0x${randomBytes(10).toString('hex')}`);
  let text = '';
  for (let index = 0; index < 16; index += 1) {
    text = `${symbols[Number(bits & 31n)]}${text}`;
    bits >>= 5n;
  }
  return written(text);
}

/** A reference as typed, in the way in which it is written; undefined where it is none. */
export function canonicalReference(typed: string): string | undefined {
  const text = parseReference(typed);
  return text === undefined ? undefined : written(text);
}

function written(text: string): string {
  return `${text.match(/.{4}/g)?.join('-')}-${checkSymbol(text)}`;
}

/** The 16 symbols of a reference as typed, or undefined where it is none: O is read as 0, I and L as 1. */
export function parseReference(typed: string): string | undefined {
  if (typed.length > 40) return undefined;
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  const [body, check] = [text.slice(0, 16), text.slice(16)];
  if (![...body].every((symbol) => symbols.includes(symbol)) || body.length !== 16) return undefined;
  return check === checkSymbol(body) ? body : undefined;
}

/** scrypt of the 16 symbols, 32 bytes; slow (8 ms) so that guessing is. */
export function seedOf(reference: string): Promise<Buffer> {
  const text = parseReference(reference);
  if (text === undefined) return Promise.reject(new TypeError('not a reference'));
  return new Promise((resolve, reject) => {
    scrypt(text, 'anonymesh/reference/v1', 32, { N: 2 ** 12, r: 8, p: 1 }, (error, seed) => {
      if (error === null) resolve(seed);
      else reject(error);
    });
  });
}

/** base64url of the 16-byte lookup id of the asking number `t`: 0 for the first, one more for each re-check. */
export function lookupIdOf(seed: Uint8Array, t: number): string {
  return base64url(derive(seed, 'anonymesh/lookup-id/v1', t, 16));
}

export interface QueryKey {
  readonly own: PrivateKey;
  readonly public: PublicKey;
  /** base64url of the 32 raw bytes of the public key, as it stands in the manifest. */
  readonly text: string;
}

/** The X25519 key pair of the asking number `t`. */
export function queryKeyOf(seed: Uint8Array, t: number): QueryKey {
  const scalar = derive(seed, 'anonymesh/query-key/v1', t, 32);
  const der = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), scalar]); // RFC 8410 section 7
  const key: KeyObject = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key);
  const raw = rawPublicKey(publicKey);
  const kid = thumbprint('X25519', raw);
  return { own: { kid, key }, public: { kid, key: publicKey }, text: base64url(raw) };
}

function derive(seed: Uint8Array, label: string, t: number, length: number): Buffer {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(t);
  return Buffer.from(hkdfSync('sha512', seed, new Uint8Array(0), lengthPrefixed(label, counter), length));
}

/** The 16 symbols as a number mod 37, by Crockford's specification. */
function checkSymbol(text: string): string {
  let rest = 0;
  for (const symbol of text) rest = (rest * 32 + symbols.indexOf(symbol)) % 37;
  return checkSymbols[rest] ?? '';
}
