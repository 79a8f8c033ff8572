// SHA-512 of many messages at once, as Node's crypto computes them: for engines that cannot hash several side by side.
import { hash } from 'node:crypto';
import type { Messages } from './engine.js';

export const digestBytes = 64;

/** Throws a RangeError for items that do not end one after another, the last with the bytes. */
export function digestsByNode({ before, items, ends, after }: Messages, into?: Uint8Array): Uint8Array {
  const out = into ?? new Uint8Array(ends.length * digestBytes);
  const digests = Buffer.from(out.buffer, out.byteOffset, out.length);
  if (out.length !== ends.length * digestBytes) throw new RangeError('no room for just these digests');
  let message = Buffer.alloc(0);
  let start = 0;
  for (const [index, end] of ends.entries()) {
    const length = before.length + end - start + after.length;
    if (end < start || end > items.length) throw new RangeError('items end one after another');
    if (length > message.length) {
      message = Buffer.alloc(2 * length);
      message.set(before);
    }
    message.set(items.subarray(start, end), before.length);
    message.set(after, length - after.length);
    // As text of one byte per character, which costs half of what a buffer costs.
    digests.write(hash('sha512', message.subarray(0, length), 'binary'), index * digestBytes, 'latin1');
    start = end;
  }
  message.fill(0);
  if (start !== items.length) throw new RangeError('the last item ends with the bytes');
  return out;
}

/** The ends of so many items of one width. */
export function endsOf(count: number, width: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => (index + 1) * width);
}
