// backup: a copy of a party's embedded store as it is at one moment, while its node runs. It holds all that the store
// holds: whoever can read it can read what the party knows.
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { readYaml } from '@anonymesh/trust';
import { Command } from 'commander';
import { z } from 'zod';
import { named, No } from '../telling/no.js';
import type { Say } from '../telling/run.js';
import { done } from '../telling/told.js';

const withStore = z.object({
  store: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('embedded'), file: z.string().min(1) }),
    z.object({ kind: z.literal('postgres') }),
  ]),
});

export function backupCommand(say: Say): Command {
  return new Command('backup')
    .description('copy a party’s embedded store as it is at one moment; its node may run')
    .requiredOption('--config <file>', 'the node’s config')
    .requiredOption('--out <file>', 'a new file')
    .action(async ({ config, out }: { config: string; out: string }) => {
      const { store } = named(() => readYaml(config, withStore));
      if (store.kind === 'postgres')
        throw new No('usage', 'the store is in PostgreSQL: pg_dump copies it (docs/operations.md)');
      const bytes = await copyStore(resolve(dirname(config), store.file), out);
      say(done(`${out}: ${bytes} bytes, whole`, { file: out, bytes }));
    });
}

async function copyStore(file: string, out: string): Promise<number> {
  if (!existsSync(file)) throw new No('usage', `${file}: there is no store yet`);
  // Made here first, so that nobody else can read it for a moment, and nothing is overwritten.
  await (await named(() => open(out, 'wx', 0o600)).catch(refuse)).close();
  const from = new DatabaseSync(file, { readOnly: true });
  try {
    await backup(from, out);
  } finally {
    from.close();
  }
  return checkCopy(out);
}

function refuse(cause: unknown): never {
  throw new No('usage', cause instanceof Error ? cause.message : 'it cannot be written', { cause });
}

/** Throws where it is not sound. */
async function checkCopy(out: string): Promise<number> {
  const copy = new DatabaseSync(out);
  try {
    // A store of its own: without the journal beside it that the node's has.
    copy.exec('pragma journal_mode = delete');
    const [found] = copy.prepare('pragma integrity_check').all();
    if (found?.['integrity_check'] !== 'ok') throw new No('refused', `${out}: the copy is not sound`);
  } finally {
    copy.close();
  }
  const written = await open(out, 'r+');
  try {
    await written.sync();
    return (await written.stat()).size;
  } finally {
    await written.close();
  }
}
