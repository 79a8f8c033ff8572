// What set queries leave at the parties: once all have ended it must be nothing, neither on disk nor in a store, but the
// rows by which a replay is known and what the requester was released.
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { placesOf, type RunningMesh } from '@anonymesh/founding';
import type { PartyId, PartyKind } from '@anonymesh/protocol';
import { leaving } from './leaving.js';
import { rowsOf } from './read-mesh.js';
import { until } from './until.js';

/** Rows that are there only while a query is open, or while a letter waits to leave. */
const passing: Readonly<Record<PartyKind, readonly string[]>> = {
  holder: [
    "select query_id, 'set_queries' as place from set_queries where state = 'open'",
    "select query_id, 'seed' as place from set_queries where seed is not null or dispatched is not null",
    "select query_id, 'matched' as place from set_queries where matched is not null",
    "select query_id, 'chunks' as place from chunks",
    "select query_id, 'approvals' as place from approvals where record is not null",
  ],
  aggregator: ['sets', 'set_holders', 'token_letters', 'words'].map(
    (table) => `select query_id, '${table}' as place from ${table}`,
  ),
  requester: [
    "select id, 'parts' as place from queries where parts is not null",
    `select query_id, 'match_letters' as place from match_letters
       where query_id not in (select id from queries where outcome = 'released')`,
  ],
  coordinator: ["select id, 'queries' as place from queries where state not in ('decided', 'retracted')"],
  portal: [],
};

/** Files and rows that are still there, each as a line that names party and place. */
export async function leftBySets(mesh: RunningMesh): Promise<string[]> {
  const left = [];
  for (const { id, kind } of mesh.parties) {
    for (const sql of [...passing[kind], leaving])
      for (const row of rowsOf(mesh.dir, id, sql)) left.push(`${id}: ${Object.values(row).join(' ')}`);
    for (const file of await spilled(mesh.dir, id)) left.push(`${id}: ${file}`);
  }
  return left;
}

/** Resolves once nothing is left; rejects with what is. */
export async function untilNothingIsLeft(mesh: RunningMesh, seconds = 15): Promise<void> {
  let left: string[] = [];
  const isClean = async () => (left = await leftBySets(mesh)).length === 0;
  await until('nothing is left of set queries', isClean, seconds).catch((cause: unknown) => {
    throw new Error(`left of set queries:\n${left.join('\n')}`, { cause });
  });
}

/** What a party has put down for its queries; `keeper` names the folder itself. */
async function spilled(dir: string, id: PartyId): Promise<string[]> {
  const { spill } = placesOf(dir, id);
  const entries = await readdir(spill, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.map((entry) => relative(spill, join(entry.parentPath, entry.name)));
  return paths.filter((path) => path !== 'keeper');
}
