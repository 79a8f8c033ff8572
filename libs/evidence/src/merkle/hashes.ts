// The hashes of RFC 6962 section 2.1. Leaves and nodes have different prefixes, so that no node can be shown as an entry.
import { createHash, hash } from 'node:crypto';

const leafPrefix = Buffer.of(0);
const nodePrefix = Buffer.of(1);

/** The root of a log without entries. */
export const emptyRoot = createHash('sha256').digest();

/** 32 bytes. */
export function leafHash(entry: Uint8Array | string): Buffer {
  const bytes = typeof entry === 'string' ? Buffer.from(entry, 'utf8') : entry;
  return hash('sha256', Buffer.concat([leafPrefix, bytes]), 'buffer');
}

/** 32 bytes, of two of 32. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer');
}
