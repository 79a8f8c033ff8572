// One open SQLite file: prepares statements once, and gives rows the same shapes as PostgreSQL does (Buffer, boolean).
// Learns nothing that the file's owner does not.
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';

export interface SqliteOptions {
  filename: string;
  /** Nothing can be written through this connection, whatever the statement says. */
  readOnly?: boolean;
}

export type SqliteRow = Record<string, SQLOutputValue | boolean>;

interface Column {
  name: string;
  isBoolean: boolean;
}

interface Prepared {
  statement: StatementSync;
  answersRows: boolean;
  booleans: string[];
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
    if (prepared.answersRows) {
      return { rows: prepared.statement.all(...bindings).map((row) => normalise(row, prepared.booleans)) };
    }
    const { changes, lastInsertRowid } = prepared.statement.run(...bindings);
    // A change of the schema changes what columns a prepared `select *` answers.
    if (/^\s*(create|alter|drop)/i.test(sql)) this.prepared.clear();
    return { changes: Number(changes), lastID: Number(lastInsertRowid) };
  }

  /** Computes a row only when it is asked for the next one. */
  *iterate(sql: string, bindings: SQLInputValue[]): Generator<SqliteRow> {
    // Not from the cache: running the same text again would reset a statement that is half way through.
    const statement = this.database.prepare(sql);
    // Its objects take three times as long as ours take to be made of arrays: of many rows that is most of the time.
    statement.setReturnArrays(true);
    let columns: readonly Column[] | undefined;
    for (const values of statement.iterate(...bindings) as Iterable<unknown> as Iterable<readonly SQLOutputValue[]>)
      // Not before there is a row: until it runs, a change of the schema changes its columns.
      yield rowOf((columns ??= columnsOf(statement)), values);
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
  const columns = columnsOf(statement);
  return {
    statement,
    answersRows: columns.length > 0,
    booleans: columns.filter(({ isBoolean }) => isBoolean).map(({ name }) => name),
  };
}

function columnsOf(statement: StatementSync): Column[] {
  return statement.columns().map(({ name, type }) => ({ name, isBoolean: type?.toLowerCase() === 'boolean' }));
}

function rowOf(columns: readonly Column[], values: readonly SQLOutputValue[]): SqliteRow {
  const row: SqliteRow = {};
  columns.forEach(({ name, isBoolean }, place) => {
    const value = values[place] ?? null;
    if (ArrayBuffer.isView(value)) row[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    else row[name] = isBoolean && typeof value === 'number' ? value !== 0 : value;
  });
  return row;
}

function normalise(row: Record<string, SQLOutputValue>, booleans: readonly string[]): SqliteRow {
  // node:sqlite answers objects without a prototype, which deep comparison tells from ordinary ones.
  const normal: SqliteRow = { ...row };
  for (const [name, value] of Object.entries(row)) {
    if (ArrayBuffer.isView(value)) normal[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  for (const name of booleans) if (typeof row[name] === 'number') normal[name] = row[name] !== 0;
  return normal;
}
