// Compact JWE: ECDH-ES+A256KW on X25519, A256GCM (RFC 7516, RFC 7518 section 4.6, RFC 8037), by Node's crypto, which
// takes a sixth of jose's time; seal.spec.ts proves that jose opens what is sealed here, and the other way round.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { z } from 'zod';
import { base64url, x25519Text } from '../encodings.js';
import { publicKeyFrom, rawPublicKey, type PrivateKey, type PublicKey } from './keys.js';
import { parseJson, segmentsOf } from './sign.js';

/** What a sealed text is bound to: it stands in the protected header, and the opener compares all of it. */
export type SealContext = Readonly<Record<string, string>>;

const header = z.strictObject({
  alg: z.literal('ECDH-ES+A256KW'),
  enc: z.literal('A256GCM'),
  kid: z.string().max(64),
  epk: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('X25519'), x: x25519Text }),
  ctx: z.record(z.string(), z.string()),
});

const keyWrapIv = Buffer.from('a6a6a6a6a6a6a6a6', 'hex'); // RFC 3394 section 2.2.3.1
const kdfInfo = Buffer.concat([prefixed('ECDH-ES+A256KW'), prefixed(''), prefixed(''), uint32(256)]);

/** Seals the text to the key, bound to the context. */
export function seal(text: Uint8Array, to: PublicKey, context: SealContext): string {
  const ephemeral = generateKeyPairSync('x25519');
  const epk = { kty: 'OKP', crv: 'X25519', x: base64url(rawPublicKey(ephemeral.publicKey)) };
  const head = JSON.stringify({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', kid: to.kid, epk, ctx: context });
  const protectedHeader = base64url(Buffer.from(head));
  const contentKey = randomBytes(32);
  const wrap = createCipheriv('id-aes256-wrap', wrappingKey(ephemeral.privateKey, to.key), keyWrapIv);
  const wrapped = Buffer.concat([wrap.update(contentKey), wrap.final()]);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(contentKey), iv);
  cipher.setAAD(Buffer.from(protectedHeader));
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  return [protectedHeader, ...[wrapped, iv, sealed, cipher.getAuthTag()].map(base64url)].join('.');
}

/** The sealed text; or `unknown-key` where no key given has that id, or `malformed` where anything at all is off. */
export function unseal(
  jwe: string,
  find: (kid: string) => PrivateKey | undefined,
  context: SealContext,
): Buffer | 'malformed' | 'unknown-key' {
  const [protectedHeader] = jwe.split('.', 1);
  const [head, wrapped, iv, sealed, tag] = segmentsOf(jwe, 5) ?? [];
  if (!head || !wrapped || !iv || !sealed || !tag) return 'malformed';
  const parsed = header.safeParse(parseJson(head));
  if (!parsed.success || protectedHeader === undefined) return 'malformed';
  if (wrapped.length !== 40 || iv.length !== 12 || tag.length !== 16) return 'malformed';
  if (!sameContext(parsed.data.ctx, context)) return 'malformed';
  const own = find(parsed.data.kid);
  if (own === undefined) return 'unknown-key';
  try {
    const ephemeral = publicKeyFrom('X25519', Buffer.from(parsed.data.epk.x, 'base64url'));
    const unwrap = createDecipheriv('id-aes256-wrap', wrappingKey(own.key, ephemeral), keyWrapIv);
    const contentKey = Buffer.concat([unwrap.update(wrapped), unwrap.final()]);
    const decipher = createDecipheriv('aes-256-gcm', createSecretKey(contentKey), iv);
    decipher.setAAD(Buffer.from(protectedHeader));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    // Node says in many ways that a key does not unwrap or a tag does not fit: to the sender they are all one.
    return 'malformed';
  }
}

/**
 * Concat KDF of one round (RFC 7518 section 4.6.2), as a KeyObject, which ciphers take in half the time of bytes. Node
 * refuses the all-zero secret of RFC 7748 section 6.1 itself.
 */
function wrappingKey(privateKey: KeyObject, publicKey: KeyObject): KeyObject {
  const secret = diffieHellman({ privateKey, publicKey });
  return createSecretKey(createHash('sha256').update(uint32(1)).update(secret).update(kdfInfo).digest());
}

function sameContext(given: SealContext, expected: SealContext): boolean {
  const names = Object.keys(expected);
  return names.length === Object.keys(given).length && names.every((name) => given[name] === expected[name]);
}

function prefixed(text: string): Buffer {
  return Buffer.concat([uint32(text.length), Buffer.from(text)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
