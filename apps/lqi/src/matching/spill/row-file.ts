// Rows of one width in a spill file: added one by one, read back block by block, in the order in which they came.
import type { SealedBlocks } from './sealed-blocks.js';
import type { Spill } from './spill.js';

export interface RowFile {
  readonly width: number;
  /** Copies the row. Resolves at once unless a block is full and is being written. */
  add(row: Uint8Array): Promise<void> | undefined;
  /** Writes what is left. After this nothing is added. */
  finish(): Promise<void>;
  /** Blocks of whole rows. */
  blocks(): AsyncIterable<Buffer>;
  /** All rows at once, from the beginning of a buffer that has room for them. */
  readInto(whole: Buffer): Promise<void>;
  readonly rows: number;
  close(): Promise<void>;
}

/** Rows held in memory until a block is full: about this many bytes. */
const blockSize = 64 * 1024;

/** `keep`: with the rows that an earlier process left in it, to be read again; nothing is added to them. */
export async function openRowFile(spill: Spill, name: string, width: number, keep = false): Promise<RowFile> {
  const perBlock = Math.max(1, Math.floor(blockSize / width));
  const file = await spill.open(name, perBlock * width, keep);
  try {
    const blocks = await file.count();
    const last = blocks === 0 ? 0 : (await file.read(blocks - 1)).length / width;
    return rowsOf(file, width, perBlock, Math.max(0, blocks - 1) * perBlock + last);
  } catch (cause) {
    await file.close();
    throw cause;
  }
}

function rowsOf(file: SealedBlocks, width: number, perBlock: number, kept: number): RowFile {
  let rows = kept;
  let pending: Buffer | undefined;
  let spare: Buffer | undefined;

  const write = async () => {
    const full = pending;
    const held = rows % perBlock === 0 ? perBlock : rows % perBlock;
    if (full === undefined || rows === 0) return;
    pending = undefined;
    await file.write(Math.ceil(rows / perBlock) - 1, full.subarray(0, held * width));
    spare = full.fill(0);
  };

  const empty = () => {
    const taken = spare ?? Buffer.allocUnsafeSlow(perBlock * width);
    spare = undefined;
    return taken;
  };

  async function* blocks(): AsyncIterable<Buffer> {
    for (let index = 0; index * perBlock < rows; index++) yield file.read(index);
  }

  return {
    width,
    get rows() {
      return rows;
    },
    add: (row) => {
      pending ??= empty();
      pending.set(row, (rows % perBlock) * width);
      rows += 1;
      return rows % perBlock === 0 ? write() : undefined;
    },
    finish: async () => {
      await write();
      spare = undefined;
      await file.sync();
    },
    blocks,
    readInto: async (whole) => {
      let at = 0;
      for await (const block of blocks()) at += block.copy(whole, at);
    },
    close: () => file.close(),
  };
}
