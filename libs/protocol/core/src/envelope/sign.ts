// Compact JWS with EdDSA (RFC 7515, RFC 8037), by Node's crypto; jose reads and writes the same (sign.spec.ts).
import { verify as verifyBytes, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { base64url, fromBase64url } from '../encodings.js';
import type { SigningKey } from './signing-key.js';

const header = z.strictObject({ alg: z.literal('EdDSA'), kid: z.string().max(64), typ: z.string().max(64) });

/** Signs the payload. `typ` says what is signed, so that no signature can be moved to another kind of document. */
export async function signJws(payload: Uint8Array, typ: string, by: SigningKey): Promise<string> {
  const head = base64url(Buffer.from(JSON.stringify({ alg: 'EdDSA', kid: by.kid, typ })));
  const input = `${head}.${base64url(payload)}`;
  return `${input}.${base64url(await by.sign(Buffer.from(input)))}`;
}

export interface VerifiedJws {
  readonly kid: string;
  readonly payload: Buffer;
}

/** Why a JWS does not verify. */
export type Unverified = 'malformed' | 'unknown-key' | 'bad-signature';

/** The payload, if the JWS is of this `typ` and a key found by its id signed it; otherwise why not. */
export function verifyJws(
  jws: string,
  typ: string,
  find: (kid: string) => KeyObject | undefined,
): VerifiedJws | Unverified {
  const [head, payload, signature] = segmentsOf(jws, 3) ?? [];
  if (!head || !payload || !signature) return 'malformed';
  const parsed = header.safeParse(parseJson(head));
  if (!parsed.success || parsed.data.typ !== typ) return 'malformed';
  const key = find(parsed.data.kid);
  if (key?.asymmetricKeyType !== 'ed25519') return 'unknown-key';
  const input = jws.slice(0, jws.lastIndexOf('.'));
  return verifyBytes(null, Buffer.from(input), key, signature) ? { kid: parsed.data.kid, payload } : 'bad-signature';
}

/** Each segment's bytes; undefined where there are not so many: nothing is decoded of a text that is nothing but dots. */
export function segmentsOf(compact: string, count: number): (Buffer | undefined)[] | undefined {
  const segments = compact.split('.', count + 1);
  return segments.length === count ? segments.map((segment) => fromBase64url(segment)) : undefined;
}

/** JSON of the bytes, or undefined. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
