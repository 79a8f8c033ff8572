// Reads the documents of this repository, so that tests can hold them to the code.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './run-node.js';

const skipped = /(^|\/)(node_modules|dist|\.nx|\.cache)(\/|$)/;

export function readDocument(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8');
}

/** Paths from the root of all Markdown files. */
export async function documents(): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(['*.md', '{apps,libs,examples,tests,docs,deploy,bench}/**/*.md'], { cwd: root })) {
    if (!skipped.test(path)) found.push(path);
  }
  return found.sort();
}

/** What stands between `<!-- name -->` and `<!-- /name -->`. Throws where the marks are missing. */
export function marked(text: string, name: string): string {
  const found = text.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`);
  if (found?.length !== 2) throw new Error(`nothing is marked ${name}`);
  return found[0] ?? '';
}

/** The rows of a Markdown table, its head first, each as its trimmed cells. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const rows = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows.filter((cells) => !cells.every((cell) => /^:?-+:?$/.test(cell)));
}
