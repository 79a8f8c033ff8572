import { expect, it } from '@jest/globals';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mayMount, mountDisk } from '../../../tests/servers/small-disk.js';
import { openLog } from './log.js';
import { writeLines } from './log-lines.js';

(mayMount ? it : it.skip)('a log whose disk is full goes on, and has all lines when there is room', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'anonymesh-log-'));
  const disk = await mountDisk(folder);
  const file = openSync(join(folder, 'log.jsonl'), 'a');
  try {
    const log = openLog({ app: 'spec', to: writeLines(file) });
    const say = (from: number, count: number) => {
      for (let line = from; line < from + count; line += 1) log.info('said', { line });
    };
    say(0, 10);
    await disk.fill();
    say(10, 500);
    disk.makeRoom();
    say(510, 1);
    const lines = (await readFile(join(folder, 'log.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { line: number }).line)).toEqual(
      Array.from({ length: 511 }, (_, line) => line),
    );
  } finally {
    closeSync(file);
    disk.end();
    await rm(folder, { recursive: true });
  }
});
