// Joins byte strings so that the joined form can be split in one way only: whoever chooses one part (a party its id, a
// requester its fields) cannot make two different lists of parts look the same to a hash.

/** Each part after its length in bytes as a 4-byte big-endian number. Strings are taken as UTF-8. */
export function lengthPrefixed(parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
