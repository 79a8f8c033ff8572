// What an operator of a party can see of it: rows of its embedded store, counters, the log.
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { placesOf, type RunningMesh } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';

type Row = Readonly<Record<string, unknown>>;

/** Rows of a party's store, as of now. */
export function rowsOf(dir: string, id: PartyId, sql: string, ...values: string[]): readonly Row[] {
  const store = new DatabaseSync(placesOf(dir, id).state, { readOnly: true });
  try {
    return store.prepare(sql).all(...values);
  } finally {
    store.close();
  }
}

/** A counter with one label, as `/metrics` prints it; NaN where there is no such counter. */
export async function counterOf(mesh: RunningMesh, id: PartyId, name: string, label: string): Promise<number> {
  const response = await fetch(`${mesh.monitoring(id)}/metrics`);
  const start = `${name}{code="${label}"} `;
  const line = (await response.text()).split('\n').find((each) => each.startsWith(start));
  return Number(line?.slice(start.length));
}

/** How many messages a party has refused with that code since it started. */
export function refusedBy(mesh: RunningMesh, id: PartyId, code: string): Promise<number> {
  return counterOf(mesh, id, 'anonymesh_messages_refused_total', code);
}

/** The lines of a party's log, from all its starts; a line that is no JSON, such as Node's own, has only its text. */
export async function logOf(mesh: RunningMesh, id: PartyId): Promise<readonly Row[]> {
  const text = await readFile(placesOf(mesh.dir, id).log, 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => (line.startsWith('{') ? (JSON.parse(line) as Row) : { text: line }));
}

/** Makes everything in these tables of a party's store, which is not running, due to be erased at its next start. */
export function expireIn(dir: string, id: PartyId, tables: readonly string[]): void {
  const store = new DatabaseSync(placesOf(dir, id).state);
  try {
    const there = store.prepare("select name from sqlite_master where type = 'table'").all();
    for (const { name } of there)
      if (tables.includes(String(name))) store.exec(`update ${String(name)} set kept_until = 0`);
  } finally {
    store.close();
  }
}
