// For specs that play the model: each run has a folder of its own, and the test's own clock.
import { afterAll, afterEach, beforeAll, beforeEach, jest } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownClock } from './own-clock.js';

/** Returns what names the next run's folder, which is not there yet. All are removed at the end. */
export function modelFolders(name: string): () => string {
  let folder: string;
  let count = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), `anonymesh-${name}-`));
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(ownClock);
  afterEach(() => void jest.useRealTimers());
  return () => join(folder, String(++count));
}
