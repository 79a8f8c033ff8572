// JSON that has the same hashes in many places, packed: each is written once.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { parseJson } from '@anonymesh/protocol';

/** Bytes that a packed text unfolds to, at most: what comes from others must not fill the memory of who opens it. */
const mostUnpacked = 4 * 1024 * 1024;

export function pack(json: unknown): Buffer {
  return deflateRawSync(JSON.stringify(json));
}

/** Undefined where it is none. */
export function unpack(packed: Uint8Array): unknown {
  try {
    return parseJson(inflateRawSync(packed, { maxOutputLength: mostUnpacked }));
  } catch {
    // Node says in several ways that bytes are not packed, or are too much: they are all one.
    return undefined;
  }
}
