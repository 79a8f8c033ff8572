// expand_message_xmd with SHA-512 (RFC 9380, section 5.3.1): stretches any input to uniform bytes, apart for each tag.
import { hash } from 'node:crypto';
import { digestBytes, endsOf } from './digests.js';
import type { Digests } from './engine.js';

const blockBytes = 128;
const zeroBlock = Buffer.alloc(blockBytes);
const noBytes = new Uint8Array();

/**
 * `length` uniform bytes of the message. The domain separation tag takes 1 to 255 bytes (longer ones, which section
 * 5.3.3 would hash first, are not used here) and the result 1 to 255 × 64; else throws a RangeError.
 */
export function expandMessage(message: Uint8Array, domain: Uint8Array, length: number): Uint8Array {
  const blocks = Math.ceil(length / digestBytes);
  if (!Number.isInteger(length) || length < 1 || blocks > 255) throw new RangeError('no such length of uniform bytes');
  if (domain.length < 1 || domain.length > 255) throw new RangeError('a domain separation tag takes 1 to 255 bytes');
  const tag = Buffer.concat([domain, Uint8Array.of(domain.length)]);
  const start = sha512(zeroBlock, message, Uint8Array.of(length >> 8, length & 255, 0), tag);
  let block = sha512(start, Uint8Array.of(1), tag);
  const uniform = [block];
  for (let index = 2; index <= blocks; index++) {
    block = sha512(xor(start, block), Uint8Array.of(index), tag);
    uniform.push(block);
  }
  return uniform.length === 1 ? block.subarray(0, length) : Buffer.concat(uniform, length);
}

/**
 * The same for many messages under one tag: 64 bytes of each, packed. `items` and `ends` are the messages, as an engine's
 * `digests` takes them. Throws what `expandMessage` throws.
 */
export function expandMany(domain: Uint8Array, items: Uint8Array, ends: Uint32Array, digests: Digests): Uint8Array {
  if (domain.length < 1 || domain.length > 255) throw new RangeError('a domain separation tag takes 1 to 255 bytes');
  const tag = Buffer.concat([domain, Uint8Array.of(domain.length)]);
  const length = Uint8Array.of(digestBytes >> 8, digestBytes & 255, 0);
  const starts = digests({ before: zeroBlock, items, ends, after: Buffer.concat([length, tag]) });
  return digests({
    before: noBytes,
    items: starts,
    ends: endsOf(ends.length, digestBytes),
    after: Buffer.concat([Uint8Array.of(1), tag]),
  });
}

function sha512(...parts: Uint8Array[]): Uint8Array {
  return hash('sha512', Buffer.concat(parts), 'buffer');
}

function xor(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, index) => byte ^ (right[index] ?? 0));
}
