// The blocks of commands in a document, docs/operations.md unless told, run as they stand there.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { programOf } from '@anonymesh/founding';

const program = programOf('cli');
const operations = 'docs/operations.md';

/** By their names, in their order. */
export async function blocksOf(document = operations): Promise<ReadonlyMap<string, string>> {
  const page = await readFile(new URL(`../../${document}`, import.meta.url), 'utf8');
  const found = [...page.matchAll(/^```sh ([a-z-]+)\n([^]*?)^```$/gm)];
  return new Map(found.map(([, name = '', commands = '']) => [name, commands]));
}

/** What it printed. Rejects with what it complained of, where a command fails. */
export async function runBlock(
  name: string,
  variables: Record<string, string>,
  path: readonly string[] = [],
  document = operations,
): Promise<string> {
  const { child, ended } = await startBlock(name, variables, path, document);
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${out}${error}`);
  if (document === operations) await requireShown(name, out);
  return out;
}

/** What the page shows of each block's output: right below it. */
export async function shownBelow(): Promise<ReadonlyMap<string, string>> {
  const page = await readFile(new URL(`../../${operations}`, import.meta.url), 'utf8');
  const found = [...page.matchAll(/^```sh ([a-z-]+)\n[^`]*?^```\n\n```text\n([^]*?)^```$/gm)];
  return new Map(found.map(([, name = '', output = '']) => [name, output]));
}

/** Throws where the page shows lines that were not printed, or in another order. */
async function requireShown(name: string, out: string): Promise<void> {
  const printed = out.split('\n').map(likeAny);
  let from = 0;
  for (const line of (await shownBelow()).get(name)?.split('\n') ?? []) {
    if (line === '' || line === '…') continue;
    const wanted = likeAny(line)
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('…', '.*');
    const at = printed.findIndex((each, index) => index >= from && new RegExp(`^${wanted}$`).test(each));
    if (at < 0) throw new Error(`${operations} shows of ${name} what it does not print: ${line}\n${out}`);
    from = at + 1;
  }
}

/** A line with paths, keys, dates, numbers and names of authorities as those of any other run. */
function likeAny(line: string): string {
  return line
    .replace(/(?:\/[^\s/,:;…]+)*\/([^\s/,:;…]+)/g, '$1')
    .replace(/[\w-]{43}/g, 'KEY')
    .replace(/CN=.*/, 'CN=NAME')
    .replace(/\d+/g, '0')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Of a block that starts a node, and does not end by itself. `ended` resolves to its exit code. */
export async function startBlock(
  name: string,
  variables: Record<string, string>,
  path: readonly string[] = [],
  document = operations,
) {
  const commands = (await blocksOf(document)).get(name);
  if (commands === undefined) throw new Error(`${document} has no ${name}`);
  const folder = await mkdtemp(join(tmpdir(), 'anonymesh-mesh-'));
  await writeFile(join(folder, 'mesh'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, { mode: 0o755 });
  const env = { ...variables, PATH: [folder, ...path, process.env['PATH'] ?? ''].join(':') };
  const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((settle) => child.once('close', settle)).finally(() =>
    rm(folder, { recursive: true, force: true }),
  );
  return { child, ended };
}
