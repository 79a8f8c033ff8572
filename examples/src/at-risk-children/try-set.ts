// Runs the example's set templates directly, without a mesh: for the specs, to see which set each holder would bring.

import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { template, type SetTemplate } from '@anonymesh/trust';
import { aggregate } from 'mingo';
import { parse } from 'yaml';
import { atRiskChildren } from './folder.js';

export type Row = Readonly<Record<string, unknown>>;

/** A template as an LQI reads it. Throws where the schema refuses it, or it is not of a set. */
export function readSetTemplate(name: string): SetTemplate {
  const content = template.parse(parse(readFileSync(join(atRiskChildren, 'templates', `${name}.yaml`), 'utf8')));
  if (content.answer !== 'set') throw new TypeError('not a template of a set');
  return content;
}

/** The rows that an SQL template gives of a SQLite file. */
export function setFromSqlite(name: 'police.sqlite' | 'schools.sqlite', file: string, since: string): Row[] {
  const content = readSetTemplate(name);
  if (content.kind !== 'sql') throw new TypeError('not SQL');
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(content.statement).all({ since });
  } finally {
    database.close();
  }
}

/** The rows that the health trust's template gives of a file of documents. */
export async function setFromDocuments(file: string, since: string): Promise<Row[]> {
  const content = readSetTemplate('health-trust');
  if (content.kind !== 'pipeline') throw new TypeError('not a pipeline');
  const stages = JSON.parse(JSON.stringify(content.stages), (_, value: { $param?: string } | string | number | null) =>
    typeof value === 'object' && value?.$param === 'since' ? since : value,
  ) as Record<string, object>[];
  const documents: object[] = [];
  for await (const line of createInterface({ input: createReadStream(file, 'utf8') }))
    documents.push(JSON.parse(line) as object);
  return aggregate(documents, stages);
}
