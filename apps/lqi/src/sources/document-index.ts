// Where in a file the documents with a value of a field are: eight bytes for each value, whatever the value's length, so
// that millions fit into memory. It may name a document too many, and never one too few.
import type { Document } from './document-file.js';

export interface DocumentIndex {
  /** The numbers of the documents that may have this text as a value of the field, in their order. */
  find(value: string): number[];
}

export interface IndexBuilder {
  add(document: Document, number: number): void;
  build(): DocumentIndex;
}

/** A digest above a document's number, together no more than the 53 bits that a number holds exactly. */
const numbers = 2 ** 27;

/** `field` may be a path (`in.ni`), read as MongoDB reads it. */
export function buildIndex(field: string): IndexBuilder {
  const entries: number[] = [];
  const path = field.split('.');
  return {
    add: (document, number) => {
      if (number >= numbers) throw new Error('too many documents for an index');
      for (const value of new Set(valuesAt(document, path))) entries.push(digest(value) * numbers + number);
    },
    build: () => {
      const sorted = Float64Array.from(entries).sort();
      return { find: (value) => numbersOf(sorted, digest(value)) };
    },
  };
}

function numbersOf(sorted: Float64Array, wanted: number): number[] {
  const first = wanted * numbers;
  let low = 0;
  for (let high = sorted.length; low < high;) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < first) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (let entry; (entry = sorted[low]) !== undefined && entry < first + numbers; low++) found.push(entry - first);
  return found;
}

/** FNV-1a, 26 of its 32 bits. */
function digest(text: string): number {
  let state = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) state = Math.imul(state ^ text.charCodeAt(place), 0x01000193);
  return state >>> 6;
}

/** Through every element of a list on the way, and by position. */
export function valuesAt(value: unknown, path: readonly string[]): string[] {
  if (Array.isArray(value)) {
    const [position, ...rest] = path;
    const items = value as unknown[];
    const positioned = position === undefined ? [] : valuesAt(items[Number(position)], rest);
    return [...positioned, ...items.flatMap((item) => valuesAt(item, path))];
  }
  const [field, ...rest] = path;
  if (field === undefined) return typeof value === 'string' ? [value] : [];
  return typeof value === 'object' && value !== null ? valuesAt((value as Document)[field], rest) : [];
}
