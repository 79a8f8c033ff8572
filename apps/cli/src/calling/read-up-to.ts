// Reads bytes to their end as text, and no more of them than is sensible.

/** `undefined`: it is longer, or not UTF-8. */
export async function readUpTo(most: number, source: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of source) {
    length += bytes.length;
    if (length > most) return undefined;
    read.push(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(read));
  } catch (cause) {
    if (cause instanceof TypeError) return undefined;
    throw cause;
  }
}
