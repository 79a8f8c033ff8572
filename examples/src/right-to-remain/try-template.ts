// Asks the example's templates directly, without a mesh: for the specs, to see what each holder would conclude.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { aggregate } from 'mingo';
import { parse } from 'yaml';
import { rightToRemain } from './folder.js';

export interface Conclusion {
  concern: boolean;
  reason: unknown;
}

/** Asks about one person, on a day written yyyy-mm-dd. */
export type Asking = (niNumber: string, asOf: string) => Conclusion;

/** A template's document as it stands in its file. */
export function readTemplate(name: string): Record<string, unknown> {
  return parse(readFileSync(join(rightToRemain, 'templates', `${name}.yaml`), 'utf8')) as Record<string, unknown>;
}

/** Asks an SQL template of a SQLite file. */
export function tryOnSqlite(template: 'hmrc.sqlite' | 'council.sqlite', file: string): Asking {
  const statement = new DatabaseSync(file, { readOnly: true }).prepare(String(readTemplate(template)['statement']));
  return (niNumber, asOf) => {
    const [row, ...more] = statement.all({ niNumber, asOf });
    if (row === undefined || more.length > 0) throw new Error('not exactly one row');
    const { concern, reason } = row;
    if (concern !== 0 && concern !== 1) throw new Error('not a flag');
    return { concern: concern === 1, reason };
  };
}

/** Asks DWP's template of documents in memory. */
export function tryOnDocuments(documents: object[]): Asking {
  const { reason } = readTemplate('dwp');
  return (niNumber, asOf) => ({ concern: aggregate(documents, pipelineAbout(niNumber, asOf)).length > 0, reason });
}

/** DWP's pipeline with each `{ $param: … }` replaced by its value. */
export function pipelineAbout(niNumber: string, asOf: string): Record<string, object>[] {
  const values: Record<string, string> = { niNumber, asOf };
  dwpStages ??= JSON.stringify(readTemplate('dwp')['stages']);
  return JSON.parse(dwpStages, (_, value: { $param?: string } | string | number | null) =>
    typeof value === 'object' && value?.$param !== undefined ? values[value.$param] : value,
  ) as Record<string, object>[];
}

let dwpStages: string | undefined;
