// Puts the files of a server's certificate where the server's own user reads them.
import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './private-server.js';

/** PEM. */
export interface Pems {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** Absolute paths. */
export async function handOver(folder: string, { uid, gid }: Account, tls: Pems): Promise<Pems> {
  const files = { ca: join(folder, 'ca.pem'), certificate: join(folder, 'tls.pem'), key: join(folder, 'tls-key.pem') };
  for (const name of ['ca', 'certificate', 'key'] as const) {
    await writeFile(files[name], tls[name], { mode: 0o600 });
    if (uid !== undefined && gid !== undefined) await chown(files[name], uid, gid);
  }
  return files;
}
