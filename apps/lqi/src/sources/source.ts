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

export interface StreamLimits extends Limits {
  /** Aborted when nobody wants the rest: then the stream ends as `unavailable`, also while it waits for the database. */
  readonly signal?: AbortSignal;
}

/** How many rows a stream reads at once: enough that asking costs little, few enough to hold. */
export const batchSize = 1000;

export interface Source {
  /** Read-only. Rejects with a SourceFault, and with nothing else. */
  run(statement: Statement, parameters: Parameters, limits: Limits): Promise<readonly Row[]>;
  /**
   * Read-only, for answers that are too large to hold: batches of up to `batchSize` rows, never an empty one, each read
   * when it is asked for. `milliseconds` limits the time spent waiting for the database, not what the reader takes
   * between two batches; `rows` is the limit of all batches together. Nothing is begun before the first batch is asked
   * for, and a reader that leaves early ends the statement. Throws a SourceFault, and nothing else.
   */
  stream(statement: Statement, parameters: Parameters, limits: StreamLimits): AsyncIterable<readonly Row[]>;
  /**
   * Whether the account in the config file may change anything there; undefined where the database does not tell. Left
   * out by back ends that are files.
   */
  readonly mayWrite?: () => Promise<boolean | undefined>;
  close(): Promise<void>;
}
