// Padding with spaces to an agreed size, so that a message's length tells nothing. No JWS or JWE has a space in it.

/** ASCII text → bytes, padded to `size` where one is agreed. Throws where the text is longer: a size that is too small. */
export function pad(text: string, size: number | undefined): Buffer {
  if (size !== undefined && text.length > size) throw new RangeError(`${text.length} bytes do not fit into ${size}`);
  return Buffer.from(size === undefined ? text : text.padEnd(size, ' '), 'ascii');
}

/** The text without its padding, or undefined where it does not have the agreed size. */
export function unpad(bytes: Uint8Array, size: number | undefined): string | undefined {
  if (size !== undefined && bytes.length !== size) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return size === undefined ? text : text.trimEnd();
}
