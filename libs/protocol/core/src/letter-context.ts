// The trace context of one letter, by which spans of its sender and its receiver link to it. It follows from the letter's
// random id, which both have: it joins no two letters, and says nothing of the sender's own traces
// (docs/protocol.md section 1, docs/decisions/0030).
import { lengthPrefixed, sha256 } from './canonical.js';

/** In the broker's headers, as W3C Trace Context names it. */
export const traceparent = 'traceparent';

export interface LetterContext {
  /** 16 bytes in hexadecimal. */
  readonly traceId: string;
  /** 8 bytes in hexadecimal. */
  readonly spanId: string;
}

/** The same each time that the letter is sent or taken. */
export function letterContextOf(letter: string): LetterContext {
  const digest = sha256(lengthPrefixed('anonymesh/letter-context/v1', letter)).toString('hex');
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) };
}

/** Never sampled: a broker that was told to trace messages begins with those that are, and the flag would be a channel. */
export function traceparentOf(letter: string): string {
  const { traceId, spanId } = letterContextOf(letter);
  return `00-${traceId}-${spanId}-00`;
}

/** Ours have less than two hundred bytes, and a broker may add some. */
const mostBytes = 4096;

/**
 * Whether the letter came with its own context, once. `headers`: as they stood on the line. Whatever else stands there is
 * not looked at: anybody between may have written it.
 */
export function bearsContext(letter: string, headers: Uint8Array | undefined): boolean {
  if (headers === undefined || headers.length > mostBytes) return false;
  const lines = Buffer.from(headers).toString('latin1').split('\r\n');
  const [only, ...more] = lines.filter((line) => line.startsWith(`${traceparent}:`));
  return more.length === 0 && only === `${traceparent}: ${traceparentOf(letter)}`;
}
