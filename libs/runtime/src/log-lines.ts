// Writes the lines of a log. While the disk that they go to is full they wait in memory, a megabyte of them, and are
// written when there is room: a node that cannot say what it does still does it.
import { isNativeError } from 'node:util/types';
import { pino, type DestinationStream } from 'pino';

const mostWaiting = 1024 * 1024;
const full = ['ENOSPC', 'EDQUOT'];

/** `file`: an open file descriptor. What is more than may wait is lost. */
export function writeLines(file: number): DestinationStream {
  const lines = pino.destination({ dest: file, sync: true, maxLength: mostWaiting });
  lines.on('error', (error: unknown) => {
    const code = isNativeError(error) && 'code' in error ? String(error.code) : '';
    if (!full.includes(code)) throw error;
  });
  return lines;
}
