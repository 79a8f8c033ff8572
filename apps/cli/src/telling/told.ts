// What a command says when it is done: text for people, the same as JSON for programs, and whether the answer is yes.

export interface Told {
  readonly text: string;
  /** Absent on the way to the end, which is for people alone: programs get one object. */
  readonly json?: object;
  /** `false`: what was to be verified does not verify, or was found at fault. Exit code 1. */
  readonly ok: boolean;
}

/** The command did what it was to do. */
export function done(text: string, json: object): Told {
  return { text, json, ok: true };
}

/** Rows under each other, each column as wide as it must be. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
