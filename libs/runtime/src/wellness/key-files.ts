// Whether the files that hold secrets are there and only their owner can read them: they were when the node started, and
// it would not start again where they are not.
import { stat } from 'node:fs/promises';
import { amiss, type Check, type Found, well } from './check.js';

const lost = amiss('key-file-unreadable', 'The key files cannot be looked at.', 'Look at the modes of their folders.');

/** `files`: absolute paths. */
export function keyFilesCheck(files: readonly string[]): Check {
  return { name: 'keys', look: () => checkKeyFiles(files), lost };
}

export async function checkKeyFiles(files: readonly string[]): Promise<Found> {
  for (const file of files) {
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) {
      const todo = 'Put it back: the node works on, but will not start again.';
      return amiss('key-file-missing', `There is no ${file}.`, todo);
    }
    if ((found.mode & 0o177) !== 0) {
      const todo = `chmod 600 ${file}, and rotate the key if somebody may have read it. The node will not start again before.`;
      return amiss('key-file-mode', `Others may use the secret ${file}.`, todo);
    }
  }
  return well('Only their owner can read the files with secrets.');
}
