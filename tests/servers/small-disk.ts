// A disk of its own for a folder, which can be full and have room again: a tmpfs, whose size may change while it is in
// use. Nothing of it needs the memory that it could.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  /** Leaves room for nothing more. */
  fill(): Promise<void>;
  makeRoom(): void;
  /** Takes the disk away, with what is on it; nobody may use it any more. */
  end(): void;
}

/** Whether this machine lets us mount one: not without root, nor in most containers. */
export const mayMount = tryMounting();

const roomy = '6g';

/** Throws where it cannot be mounted. */
export async function mountDisk(folder: string): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const tryOnce = (options: string) =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', `mode=700,${options}`, 'tmpfs', folder]);
  const mount = (options: string) => {
    const { status, stderr } = tryOnce(options);
    if (status !== 0) throw new Error(`mount: ${String(stderr)}`);
  };
  mount(`size=${roomy}`);
  return {
    fill: async () => {
      // No disk becomes smaller than what is on it, and that may have grown since we looked.
      for (let tries = 0; tries < 100; tries++) {
        const { blocks, bfree, bsize } = await statfs(folder);
        if (tryOnce(`remount,size=${(blocks - bfree) * bsize}`).status === 0) return;
      }
      throw new Error('what is on the disk grows all the time');
    },
    makeRoom: () => mount(`remount,size=${roomy}`),
    end: () => void spawnSync('umount', [folder]),
  };
}

function tryMounting(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'anonymesh-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
  if (mounted) spawnSync('umount', [folder]);
  rmdirSync(folder);
  return mounted;
}
