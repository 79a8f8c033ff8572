// SHA-512 of many messages by our own WebAssembly (kernel/README.md), in a third of the time that Node's takes: called for
// one message after another, most of Node's is the way into its library and back.
import { digestBytes, digestsByNode } from '../digests.js';
import type { Digests, Messages } from '../engine.js';
import { openKernelFile, wiperOf, type Opened } from './kernel-file.js';

/** What kernel/assembly/digests.ts exports. */
export interface Hashing extends Opened {
  before(): number;
  after(): number;
  room(): number;
  items(): number;
  itemsRoom(): number;
  ends(): number;
  output(): number;
  capacity(): number;
  start(beforeLength: number): void;
  digests(count: number, beforeLength: number, afterLength: number): void;
}

/** As an engine's `digests`; `undefined` if it is not built. */
export async function openDigests(): Promise<Digests | undefined> {
  const hashing = await openHashing();
  return hashing && digestsBy(hashing);
}

/** The WebAssembly itself. */
export async function openHashing(): Promise<Hashing | undefined> {
  return openKernelFile<Hashing>('digests.wasm');
}

/** `openDigests`, of what is open. */
export function digestsBy(hashing: Hashing): Digests {
  const memory = new Uint8Array(hashing.memory.buffer);
  const wiped = wiperOf(hashing);
  const [room, itemsRoom, capacity] = [hashing.room(), hashing.itemsRoom(), hashing.capacity()];
  const [input, output] = [hashing.items(), hashing.output()];
  const places = new Uint32Array(hashing.memory.buffer, hashing.ends(), capacity);

  const compute = ({ before, items, ends, after }: Messages, out: Uint8Array) => {
    memory.set(before, hashing.before());
    memory.set(after, hashing.after());
    hashing.start(before.length);
    for (let first = 0, from = 0; first < ends.length;) {
      // As many items as there is room for.
      let count = 0;
      let to = from;
      for (; count < capacity && first + count < ends.length; count++) {
        const end = ends[first + count] as number;
        if (end - from > itemsRoom) break;
        places[count] = end - from;
        to = end;
      }
      memory.set(items.subarray(from, to), input);
      hashing.digests(count, before.length, after.length);
      out.set(memory.subarray(output, output + count * digestBytes), first * digestBytes);
      first += count;
      from = to;
    }
    return out;
  };

  return (messages, into) => {
    const { before, items, ends, after } = messages;
    const isLarge = Math.max(longest(items, ends), before.length, after.length) > room;
    // What is larger than its memory are few messages, and Node's time for them is in the hashing.
    if (isLarge) return digestsByNode(messages, into);
    const out = into ?? new Uint8Array(ends.length * digestBytes);
    if (out.length !== ends.length * digestBytes) throw new RangeError('no room for just these digests');
    return wiped(() => compute(messages, out));
  };
}

/** The bytes of the longest item. Throws a RangeError for items that do not end one after another, the last with the bytes. */
function longest(items: Uint8Array, ends: Uint32Array): number {
  let [start, most] = [0, 0];
  for (const end of ends) {
    if (end < start || end > items.length) throw new RangeError('items end one after another');
    most = Math.max(most, end - start);
    start = end;
  }
  if (start !== items.length) throw new RangeError('the last item ends with the bytes');
  return most;
}
