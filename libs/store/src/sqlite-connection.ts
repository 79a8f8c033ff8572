// One open SQLite file: prepares statements once, and gives rows the same shapes as PostgreSQL does (Buffer, boolean).
// Learns nothing that the file's owner does not.
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';

export interface SqliteOptions {
  filename: string;
  /** Nothing can be written through this connection, whatever the statement says. */
  readOnly?: boolean;
}

export type SqliteRow = Record<string, SQLOutputValue | boolean>;

/** A row as a described statement gives it, in the order of its columns. */
type Values = readonly SQLOutputValue[];

interface Column {
  name: string;
  isBoolean: boolean;
}

interface Prepared {
  statement: StatementSync;
  /** None where it answers no rows. */
  columns: readonly Column[];
}

const preparedAtMost = 200;

export class SqliteConnection {
  readonly readOnly: boolean;
  private readonly database: DatabaseSync;
  private readonly prepared = new Map<string, Prepared>();

  constructor({ filename, readOnly = false }: SqliteOptions) {
    this.readOnly = readOnly;
    this.database = new DatabaseSync(filename, { readOnly, enableForeignKeyConstraints: true, timeout: 0 });
  }

  get isInTransaction(): boolean {
    return this.database.isTransaction;
  }

  exec(sql: string): void {
    this.database.exec(sql);
  }

  /** Runs to the end. `rows` is undefined for a statement that answers none. */
  run(sql: string, bindings: SQLInputValue[]) {
    const prepared = this.prepare(sql);
    if (prepared.columns.length > 0) {
      return {
        rows: (prepared.statement.all(...bindings) as unknown as Values[]).map((values) =>
          rowOf(prepared.columns, values),
        ),
      };
    }
    const { changes, lastInsertRowid } = prepared.statement.run(...bindings);
    // A change of the schema changes what columns a prepared `select *` answers.
    if (/^\s*(create|alter|drop)/i.test(sql)) this.prepared.clear();
    return { changes: Number(changes), lastID: Number(lastInsertRowid) };
  }

  /** Computes a row only when it is asked for the next one. */
  *iterate(sql: string, bindings: SQLInputValue[]): Generator<SqliteRow> {
    // Not from the cache: running the same text again would reset a statement that is half way through.
    const { statement, columns } = describe(this.database.prepare(sql));
    for (const values of statement.iterate(...bindings) as Iterable<unknown> as Iterable<Values>)
      yield rowOf(columns, values);
  }

  close(): void {
    this.database.close();
  }

  private prepare(sql: string): Prepared {
    const known = this.prepared.get(sql);
    if (known !== undefined) return known;
    const fresh = describe(this.database.prepare(sql));
    const [oldest] = this.prepared.keys();
    if (oldest !== undefined && this.prepared.size >= preparedAtMost) this.prepared.delete(oldest);
    this.prepared.set(sql, fresh);
    return fresh;
  }
}

function describe(statement: StatementSync): Prepared {
  // Objects made by node:sqlite have no prototype, which deep comparison tells from ordinary ones, and take longer to be
  // made and to be copied than ours take to be made of arrays.
  statement.setReturnArrays(true);
  const columns = statement.columns();
  return {
    statement,
    columns: columns.map(({ name, type }) => ({ name, isBoolean: type?.toLowerCase() === 'boolean' })),
  };
}

function rowOf(columns: readonly Column[], values: Values): SqliteRow {
  const row: SqliteRow = {};
  columns.forEach(({ name, isBoolean }, place) => {
    const value = values[place] ?? null;
    if (ArrayBuffer.isView(value)) row[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    else row[name] = isBoolean && typeof value === 'number' ? value !== 0 : value;
  });
  return row;
}
