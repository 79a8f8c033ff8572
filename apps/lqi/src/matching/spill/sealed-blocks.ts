// A file of encrypted blocks: what a holder cannot keep in memory of its set. Without the query's seed it is noise, to
// whoever finds the disk and to us once the query has ended.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** What one block adds: a random nonce and a tag of AES-256-GCM. */
const overhead = 12 + 16;

export interface SealedBlocks {
  /** Bytes of every block but the last. */
  readonly blockBytes: number;
  /** Writes a block at its place, again if need be. Blocks but the last must be whole. */
  write(index: number, plain: Uint8Array): Promise<void>;
  /** Throws where the block is missing, cut short or not of this file and place. */
  read(index: number): Promise<Buffer>;
  /** How many blocks the file has room for, up to the last that was written. */
  count(): Promise<number>;
  /** Resolves when what was written survives a loss of power. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Makes the file, or with `keep` opens what an earlier process left of it. `key`: 32 bytes, of this file alone. */
export async function openSealedBlocks(
  file: string,
  key: Uint8Array,
  blockBytes: number,
  keep = false,
): Promise<SealedBlocks> {
  const flags = constants.O_RDWR | constants.O_CREAT | (keep ? 0 : constants.O_EXCL);
  const handle = await open(file, flags, 0o600);
  const stride = blockBytes + overhead;
  // Taken and given back: a new one for each block would be garbage of the size of the whole file.
  const spare: Buffer[] = [];
  return {
    blockBytes,
    write: async (index, plain) => {
      if (plain.length > blockBytes) throw new RangeError('larger than a block');
      const { bytesWritten } = await handle.writev(sealBlock(key, index, plain), index * stride);
      if (bytesWritten !== plain.length + overhead) throw new Error('a block was not written whole');
    },
    read: async (index) => {
      const sealed = spare.pop() ?? Buffer.allocUnsafeSlow(stride);
      const { bytesRead } = await handle.read(sealed, 0, stride, index * stride);
      const plain = openBlock(key, index, sealed.subarray(0, bytesRead));
      spare.push(sealed);
      return plain;
    },
    count: async () => Math.ceil((await handle.stat()).size / stride),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

/** In pieces, one after another. */
function sealBlock(key: Uint8Array, index: number, plain: Uint8Array): Buffer[] {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(placeOf(index));
  const text = cipher.update(plain);
  cipher.final();
  return [nonce, text, cipher.getAuthTag()];
}

function openBlock(key: Uint8Array, index: number, sealed: Buffer): Buffer {
  if (sealed.length < overhead) throw new Error(`no block ${index}`);
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(placeOf(index));
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  const plain = decipher.update(sealed.subarray(12, sealed.length - 16));
  decipher.final();
  return plain;
}

function placeOf(index: number): Buffer {
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(index));
  return place;
}
