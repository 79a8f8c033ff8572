// SHA-512 (FIPS 180-4) of many messages that begin and end alike, apart from the kernel: every machine runs it, for every
// engine that cannot hash several side by side. Whoever calls it writes into its memory what `before`, `items`, `ends` and
// `after` point to, calls, and reads what `output` points to.
import { BLOCK, keep, resume, start as begin, takeBlocks, write } from './sha512';

const COUNT: i32 = 256;
const DIGEST: i32 = 64;
/** Bytes that a message begins with, of its item, and that it ends with, at most. */
const ROOM: i32 = 512;
const ITEMS: i32 = COUNT * 192;
/** A message with what follows it: a bit and its length. */
const MESSAGE: i32 = 3 * ROOM + BLOCK;

const beforeAt: usize = memory.data(ROOM, 16);
const afterAt: usize = memory.data(ROOM, 16);
const itemsAt: usize = memory.data(ITEMS, 16);
const endsAt: usize = memory.data(COUNT * 4, 16);
const outputs: usize = memory.data(COUNT * DIGEST, 16);
const messages: usize = memory.data(2 * MESSAGE, 16);

/** Where what all messages begin with is put: up to `room` bytes. */
export function before(): usize {
  return beforeAt;
}

/** Where what all messages end with is put: up to `room` bytes. */
export function after(): usize {
  return afterAt;
}

/** Where the items of a call are put, one after another: up to `itemsRoom` bytes, `room` of each. */
export function items(): usize {
  return itemsAt;
}

/** Where it is put how many bytes there are up to each item's end: 32 bits each, little-endian. */
export function ends(): usize {
  return endsAt;
}

/** Where a call leaves its digests, 64 bytes each. */
export function output(): usize {
  return outputs;
}

/** The most items of a call. */
export function capacity(): i32 {
  return COUNT;
}

export function room(): i32 {
  return ROOM;
}

export function itemsRoom(): i32 {
  return ITEMS;
}

/** Takes what all messages begin with: of its whole blocks only once. */
export function start(beforeLength: i32): void {
  begin();
  for (let at = 0; at < wholeBlocks(beforeLength); at += BLOCK) takeBlocks(beforeAt + at, beforeAt + at);
  keep();
}

/** The digests of `count` messages. */
export function digests(count: i32, beforeLength: i32, afterLength: i32): void {
  for (let index = 0; index < count; index += 2) {
    const first = fill(messages, index, beforeLength, afterLength);
    const second = index + 1 < count ? fill(messages + MESSAGE, index + 1, beforeLength, afterLength) : 0;
    if (first === second) {
      hash(messages, messages + MESSAGE, first);
      write(outputs + index * DIGEST, 0);
      write(outputs + (index + 1) * DIGEST, 1);
      continue;
    }
    hash(messages, messages, first);
    write(outputs + index * DIGEST, 0);
    if (second === 0) continue;
    hash(messages + MESSAGE, messages + MESSAGE, second);
    write(outputs + (index + 1) * DIGEST, 0);
  }
}

/** Two messages of as many bytes in blocks. */
function hash(first: usize, second: usize, bytes: i32): void {
  resume();
  for (let at = 0; at < bytes; at += BLOCK) takeBlocks(first + at, second + at);
}

/** Writes what comes after the whole blocks that all begin with. How many bytes of blocks these are. */
function fill(to: usize, index: i32, beforeLength: i32, afterLength: i32): i32 {
  const begun = wholeBlocks(beforeLength);
  const from = index === 0 ? 0 : load<i32>(endsAt + (index - 1) * 4);
  let length = 0;
  length = put(to, length, beforeAt + begun, beforeLength - begun);
  length = put(to, length, itemsAt + from, load<i32>(endsAt + index * 4) - from);
  length = put(to, length, afterAt, afterLength);
  store<u8>(to + length, 0x80);
  // The length takes 16 bytes, of which it needs the last 8.
  const bytes = (length + 1 + 16 + BLOCK - 1) & -BLOCK;
  memory.fill(to + length + 1, 0, bytes - length - 1);
  store<u64>(to + bytes - 8, bswap<u64>((<u64>(begun + length)) << 3));
  return bytes;
}

function put(to: usize, at: i32, from: usize, bytes: i32): i32 {
  if (bytes > 0) memory.copy(to + at, from, bytes);
  return at + bytes;
}

/** Of so many bytes, those that are whole blocks. */
function wholeBlocks(bytes: i32): i32 {
  return bytes & -BLOCK;
}
