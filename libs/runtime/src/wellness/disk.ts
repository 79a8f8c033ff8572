// Whether there is room on the disks to which this node writes: its own store, and what set queries put down.
import { statfs } from 'node:fs/promises';
import { amiss, type Check, type Found, well } from './check.js';

const gigabyte = 1_000_000_000;
/** Free bytes below which one should look, and below which set queries fail. */
const limits = { attention: 5 * gigabyte, failing: gigabyte / 2 };

const lost = amiss(
  'folder-missing',
  'A folder to which this node writes cannot be reached.',
  'Look at the folders of the store and of the spill in the config file.',
);

/** `folders`: of a disk each, or of the same. */
export function diskCheck(folders: readonly string[]): Check {
  return { name: 'disk', look: () => checkDisk(folders), lost };
}

export async function checkDisk(folders: readonly string[]): Promise<Found> {
  if (folders.length === 0) return well('This node writes to no disk of its own.');
  const free = await Promise.all(
    folders.map(async (folder) => {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    }),
  );
  return judgeRoom(Math.min(...free));
}

/** `free`: bytes. */
export function judgeRoom(free: number): Found {
  const reason = `${(free / gigabyte).toFixed(1)} GB are free on the fullest disk to which this node writes.`;
  if (free >= limits.attention) return well(reason);
  const todo =
    'Make room, or give the store or the spill folder a larger disk: set queries need some hundred bytes a record.';
  return free >= limits.failing
    ? amiss('disk-filling', reason, todo, 'attention')
    : amiss('disk-full', `Next to nothing is free: ${reason}`, todo);
}
