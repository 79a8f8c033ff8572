// What a command says when it is done: lines for people, the same as JSON for programs, and whether the answer is yes.

export interface Told {
  /** What stands in one of them, whoever wrote it, stays in that line: see `run`. */
  readonly lines: readonly string[];
  /** Absent on the way to the end, which is for people alone: programs get one object. */
  readonly json?: object;
  /** `false`: what was to be verified does not verify, or was found at fault. Exit code 1. */
  readonly ok: boolean;
}

/** The command did what it was to do. */
export function done(lines: string | readonly string[], json: object): Told {
  return { lines: [lines].flat(), json, ok: true };
}

/** Rows under each other, each column as wide as it must be. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** One below the other, with an empty line in between. */
export function paragraphs(all: readonly (readonly string[])[]): string[] {
  return all.flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}
