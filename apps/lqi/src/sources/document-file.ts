// One file of JSON Lines, read document by document, so that a file of any size needs the memory of one document.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { SourceFault } from './source-fault.js';

export type Document = Readonly<Record<string, unknown>>;

export interface Place {
  /** In bytes from the beginning of the file. */
  readonly offset: number;
  readonly length: number;
}

export interface DocumentFile {
  /** From the first to the last, each read when it is asked for. Throws a SourceFault, as `read` does. */
  scan(): Generator<{ readonly document: Document; readonly place: Place }>;
  read(place: Place): Document;
  /** Throws a SourceFault `unavailable` if the file was written to since it was opened: what was read may be torn. */
  confirm(): void;
  close(): void;
}

const chunkBytes = 256 * 1024;
/** As MongoDB's limit of a document. */
const documentBytes = 16 * 1024 * 1024;
const newline = 10;

export function openDocumentFile(path: string): DocumentFile {
  const file = openSync(path, 'r');
  const version = versionOf(file);
  const read = ({ offset, length }: Place) => {
    const bytes = Buffer.allocUnsafe(length);
    if (readAll(file, bytes, offset) < length) throw torn(new Error('the file has become shorter'));
    return parse(bytes);
  };
  return {
    read,
    scan: function* () {
      for (const { bytes, offset } of lines(file)) {
        if (isBlank(bytes)) continue;
        yield { document: parse(bytes), place: { offset, length: bytes.length } };
      }
    },
    confirm: () => {
      if (versionOf(file) !== version) throw torn(new Error('the file was written to while it was read'));
    },
    close: () => closeSync(file),
  };
}

// Not the time of its inode's change, which moving another file to its name also sets: that leaves this one whole.
function versionOf(file: number): string {
  const { mtimeNs, size } = fstatSync(file, { bigint: true });
  return `${mtimeNs} ${size}`;
}

function* lines(file: number): Generator<{ bytes: Buffer; offset: number }> {
  let buffer: Buffer = Buffer.allocUnsafe(chunkBytes);
  let held = 0; // bytes of an unfinished line, at the beginning of the buffer
  for (let position = 0; ;) {
    if (held === buffer.length) buffer = grow(buffer);
    const got = attempt(() => readSync(file, buffer, held, buffer.length - held, position));
    const begin = position - held;
    position += got;
    const end = held + got;
    const filled = buffer.subarray(0, end);
    let at = 0;
    for (let found; (found = filled.indexOf(newline, Math.max(at, held))) >= 0; at = found + 1) {
      yield { bytes: filled.subarray(at, found), offset: begin + at };
    }
    if (got === 0) {
      if (at < end) yield { bytes: filled.subarray(at), offset: begin + at };
      return;
    }
    buffer.copyWithin(0, at, end);
    held = end - at;
  }
}

function grow(buffer: Buffer): Buffer {
  if (buffer.length >= documentBytes) throw torn(new Error('a line is longer than a document may be'));
  return Buffer.concat([buffer], buffer.length * 2);
}

function readAll(file: number, bytes: Buffer, offset: number): number {
  let got = 0;
  for (let more = 1; more > 0 && got < bytes.length; got += more) {
    more = attempt(() => readSync(file, bytes, got, bytes.length - got, offset + got));
  }
  return got;
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw torn(cause);
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes[0] !== '{'.charCodeAt(0) && bytes.toString().trim() === '';
}

function parse(bytes: Buffer): Document {
  const document = attempt((): unknown => JSON.parse(bytes.toString()));
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw torn(new Error('not a document'));
  }
  return document as Document;
}

/** Not `statement`: it is not the question that is at fault. */
function torn(cause: unknown): SourceFault {
  return new SourceFault('unavailable', cause);
}
