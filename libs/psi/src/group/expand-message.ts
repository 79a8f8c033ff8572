// expand_message_xmd with SHA-512 (RFC 9380, section 5.3.1): stretches any input to uniform bytes, apart for each tag.
import { hash } from 'node:crypto';

const blockBytes = 128;
const digestBytes = 64;
const zeroBlock = Buffer.alloc(blockBytes);

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
 * The same for many messages under one tag, 64 bytes of each, written into `into` at `at`: without an allocation for each,
 * which takes longer than the hash. Throws what `expandMessage` throws.
 */
export function expandMany(domain: Uint8Array): (message: Uint8Array, into: Buffer, at: number) => void {
  if (domain.length < 1 || domain.length > 255) throw new RangeError('a domain separation tag takes 1 to 255 bytes');
  const tag = Buffer.concat([domain, Uint8Array.of(domain.length)]);
  const after = Buffer.concat([Uint8Array.of(digestBytes >> 8, digestBytes & 255, 0), tag]);
  const block = Buffer.concat([Buffer.alloc(digestBytes), Uint8Array.of(1), tag]);
  let start = Buffer.alloc(blockBytes + 256 + after.length);
  return (message, into, at) => {
    const length = blockBytes + message.length + after.length;
    if (length > start.length) start = Buffer.alloc(2 * length);
    start.set(message, blockBytes);
    start.set(after, blockBytes + message.length);
    // As text of one byte per character, which costs half of what a buffer costs.
    block.write(hash('sha512', start.subarray(0, length), 'binary'), 0, 'latin1');
    into.write(hash('sha512', block, 'binary'), at, digestBytes, 'latin1');
  };
}

function sha512(...parts: Uint8Array[]): Uint8Array {
  return hash('sha512', Buffer.concat(parts), 'buffer');
}

function xor(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, index) => byte ^ (right[index] ?? 0));
}
