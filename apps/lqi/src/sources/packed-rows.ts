// Rows as they go over a pipe from one process to another: by columns, for an object of each row takes four times as
// long to be written and read, and names as much room as values.
import type { Row } from './source.js';

/** Rows that follow each other and have the same names in the same order. */
export interface PackedRows {
  readonly names: readonly string[];
  readonly count: number;
  /** For each name, the value in each row. */
  readonly columns: readonly (readonly unknown[])[];
}

interface Open extends PackedRows {
  count: number;
  readonly columns: readonly unknown[][];
}

/** Any rows, in their order: of a database they have all the same names, of documents they may not. */
export function packRows(rows: Iterable<Row>): PackedRows[] {
  const packed: Open[] = [];
  for (const row of rows) {
    const names = Object.keys(row);
    let open = packed.at(-1);
    if (open === undefined || !areSame(open.names, names)) {
      open = { names, count: 0, columns: names.map(() => []) };
      packed.push(open);
    }
    open.count += 1;
    for (const [place, name] of names.entries()) open.columns[place]?.push(row[name]);
  }
  return packed;
}

export function unpackRows(packed: readonly PackedRows[]): Row[] {
  return packed.flatMap(({ names, count, columns }) =>
    Array.from({ length: count }, (_, index) => {
      const row: Record<string, unknown> = {};
      names.forEach((name, place) => {
        // A document may have it; set like any other name, it would change what the row inherits.
        if (name !== '__proto__') row[name] = columns[place]?.[index];
      });
      return row;
    }),
  );
}

function areSame(names: readonly string[], others: readonly string[]): boolean {
  return names.length === others.length && names.every((name, place) => name === others[place]);
}
