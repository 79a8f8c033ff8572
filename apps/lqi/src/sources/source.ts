// A holder's own database, as the rest of its node sees it: something that runs an agreed statement, and only that. The
// back ends share this interface and no code that they could be forced into.

/** `sql`: with named parameters (`:niNumber`). `pipeline`: with `{ $param: 'niNumber' }` where a value belongs. */
export type Statement =
  | { readonly kind: 'sql'; readonly dialect: 'postgresql' | 'mysql' | 'sqlite'; readonly text: string }
  | {
      readonly kind: 'pipeline';
      readonly collection: string;
      readonly stages: readonly Readonly<Record<string, unknown>>[];
    };

export type Parameters = Readonly<Record<string, string>>;

/** Dates are text as the database writes them, whole numbers are numbers while they fit, bytes are a Buffer. */
export type Row = Readonly<Record<string, unknown>>;

export interface Limits {
  readonly rows: number;
  readonly milliseconds: number;
}

export interface Source {
  /** Read-only. Rejects with a SourceFault, and with nothing else. */
  run(statement: Statement, parameters: Parameters, limits: Limits): Promise<readonly Row[]>;
  close(): Promise<void>;
}
