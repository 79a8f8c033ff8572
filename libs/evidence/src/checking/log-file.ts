// A log as a file: a line of JSON for each entry, with its leaf hash, and for each checkpoint, after the last entry that
// it binds. It holds no salts: nobody can open an entry by it.
import { base64url, bytesText } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { z } from 'zod';
import { readCheckpoint } from '../notes/checkpoint.js';
import { checkpointsAfter } from '../store/checkpoints.js';
import { readEntries } from '../store/read-entries.js';

const head = z.strictObject({ type: z.literal('anonymesh/evidence-log/v1'), origin: z.string().min(1).max(256) });
const entryLine = z.strictObject({ entry: z.string(), leaf: bytesText(32) });
const checkpointLine = z.strictObject({ checkpoint: z.string() });
const line = z.union([head, entryLine, checkpointLine]);
export type LogLine = z.infer<typeof line>;

const portion = 500;

/** The lines of the file, without their newlines. Reads what is there when it begins. */
export async function* writeLog(knex: Knex, origin: string): AsyncGenerator<string> {
  yield JSON.stringify({ type: 'anonymesh/evidence-log/v1', origin } satisfies LogLine);
  let size = 0;
  let checkpoints: string[] = [];
  for (;;) {
    const entries = await readEntries(knex, { from: size, limit: portion });
    if (checkpoints.length === 0) checkpoints = await checkpointsAfter(knex, size);
    for (const { text, leaf } of entries) {
      yield JSON.stringify({ entry: text, leaf: base64url(leaf) } satisfies LogLine);
      size += 1;
      const [next] = checkpoints;
      if (next === undefined || readCheckpoint(next)?.size !== size) continue;
      yield JSON.stringify({ checkpoint: next } satisfies LogLine);
      checkpoints.shift();
      if (checkpoints.length === 0) checkpoints = await checkpointsAfter(knex, size);
    }
    if (entries.length < portion) return;
  }
}

/** One line of such a file; undefined where it is none. */
export function readLine(text: string): LogLine | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
