// Writes one holder's sample collection: one JSON document a line.

import { closeSync, openSync, writeSync } from 'node:fs';

const atOnce = 5_000;

/** Writes `file` anew. */
export function writeDocuments(file: string, documents: Iterable<object>): void {
  const output = openSync(file, 'w');
  try {
    let lines: string[] = [];
    for (const document of documents) {
      lines.push(`${JSON.stringify(document)}\n`);
      if (lines.length < atOnce) continue;
      writeSync(output, lines.join(''));
      lines = [];
    }
    writeSync(output, lines.join(''));
  } finally {
    closeSync(output);
  }
}
