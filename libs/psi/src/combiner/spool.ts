// Tokens on disk until all have come, each at its place: a letter that comes twice, or after a crash, changes nothing.
// Tags are kept apart from the rest, because finding matches reads all of them and nothing else.
import { constants, type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenShape } from '../holder/shape.js';

export interface TokenLetter {
  readonly holder: string;
  /** Records of the whole set of this holder, dummies included. */
  readonly records: number;
  /** Position of the first of these. */
  readonly first: number;
  /** Tokens, one after another. */
  readonly tokens: Uint8Array;
}

export interface Spool {
  readonly shape: TokenShape;
  /** On disk when it resolves. false: not of this shape, or not within the set, and nothing was written. */
  write(letter: TokenLetter): Promise<boolean>;
  /** For reading. undefined where nothing of this holder has come. */
  tags(holder: string): Promise<FileHandle | undefined>;
  rest(holder: string): Promise<FileHandle | undefined>;
}

/** `folder`: of this query alone. It is made where it is not there; to remove it is the caller's task. */
export async function openSpool(folder: string, shape: TokenShape): Promise<Spool> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fileOf = (holder: string, part: 'tags' | 'rest') => {
    // It becomes a path.
    if (!shape.holders.includes(holder)) throw new TypeError('not a holder of this query');
    return join(folder, `${holder}.${part}`);
  };
  const reading = async (path: string) => {
    try {
      return await open(path, 'r');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw cause;
    }
  };
  return {
    shape,
    async write(letter) {
      if (!fits(shape, letter)) return false;
      const { tags, rest } = apart(shape, letter.tokens);
      // Tags last: where they stand, the rest stands too.
      if (rest.length > 0) await writeAt(fileOf(letter.holder, 'rest'), rest, letter.first * restBytes(shape));
      await writeAt(fileOf(letter.holder, 'tags'), tags, letter.first * shape.gates);
      return true;
    },
    tags: (holder) => reading(fileOf(holder, 'tags')),
    rest: (holder) => reading(fileOf(holder, 'rest')),
  };
}

/** Bytes of a token after its tags. */
export function restBytes(shape: TokenShape): number {
  return shape.bytes - shape.gates;
}

function fits(shape: TokenShape, { holder, records, first, tokens }: TokenLetter): boolean {
  const count = tokens.length / shape.bytes;
  if (!shape.holders.includes(holder) || !Number.isSafeInteger(first) || first < 0) return false;
  return Number.isSafeInteger(count) && count > 0 && first + count <= records;
}

function apart(shape: TokenShape, tokens: Uint8Array): { tags: Buffer; rest: Buffer } {
  const count = tokens.length / shape.bytes;
  const after = restBytes(shape);
  const tags = Buffer.allocUnsafe(count * shape.gates);
  const rest = Buffer.allocUnsafe(count * after);
  for (let index = 0; index < count; index++) {
    const token = tokens.subarray(index * shape.bytes, (index + 1) * shape.bytes);
    tags.set(token.subarray(0, shape.gates), index * shape.gates);
    rest.set(token.subarray(shape.gates), index * after);
  }
  return { tags, rest };
}

async function writeAt(path: string, bytes: Buffer, position: number): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    for (let done = 0; done < bytes.length;)
      done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Exactly so many bytes from a position. Throws where the file is shorter. */
export async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const into = Buffer.allocUnsafeSlow(bytes);
  for (let done = 0; done < bytes;) {
    const { bytesRead } = await file.read(into, done, bytes - done, position + done);
    if (bytesRead === 0) throw new Error('the file ends too early');
    done += bytesRead;
  }
  return into;
}
