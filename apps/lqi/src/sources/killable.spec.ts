import '../../../../tests/servers/run-from-source.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { startSqliteRecords } from '../../../../tests/servers/sqlite-records.js';
import type { Records } from '../../../../tests/servers/sample-records.js';
import { openSqlite } from './sqlite.js';
import type { Source, Statement } from './source.js';

const run = promisify(execFile);
const limits = { rows: 10, milliseconds: 60_000 };

describe('a child process that can be killed', () => {
  let records: Records;
  let source: Source;
  beforeEach(async () => {
    records = await startSqliteRecords();
    source = openSqlite(records.url);
  });
  afterEach(async () => {
    await source.close();
    await records.stop();
  });

  const children = async () => {
    const listed = await run('ps', ['-eo', 'pid,args']);
    const lines = listed.stdout
      .split('\n')
      .filter((line) => line.includes('sqlite-child') && line.includes(records.url));
    return lines.map((line) => Number(line.trim().split(' ')[0]));
  };
  const untilThereAre = async (count: number) => {
    for (const deadline = Date.now() + 5000; (await children()).length !== count;) {
      expect(Date.now()).toBeLessThan(deadline);
    }
  };

  it('is replaced when somebody else kills it, also in the middle of a question', async () => {
    const runaway = records.sample.runaway[0] as Statement;
    const ask = (milliseconds: number) =>
      source.run(runaway, {}, { ...limits, milliseconds }).catch((error: unknown) => String(error));
    const [asked, next] = [ask(60_000), ask(200)];
    const [pid] = await children();
    process.kill(pid ?? 0, 'SIGKILL');
    expect(await asked).toBe('SourceFault: unavailable');
    expect(await next).toBe('SourceFault: timeout');
  });

  it('has one template’s questions only, so that one that takes long holds up no other', async () => {
    const { all, runaway } = records.sample;
    let isOver = false;
    const long = source.run(runaway[0] ?? all, {}, { ...limits, milliseconds: 5000 }).finally(() => (isOver = true));
    expect(await source.run(all, {}, limits)).toHaveLength(3);
    expect([isOver, await children()]).toEqual([false, [expect.any(Number), expect.any(Number)]]);
    await expect(long).rejects.toThrow('timeout');
  });

  it('is shared once there are many templates', async () => {
    const { all } = records.sample;
    if (all.kind !== 'sql') throw new Error('a statement is needed');
    const asked = Array.from({ length: 10 }, (_, number) =>
      source.run({ ...all, text: `${all.text} -- ${number}` }, {}, limits),
    );
    for (const rows of await Promise.all(asked)) expect(rows).toHaveLength(3);
    expect(await children()).toHaveLength(4);
  });

  it('is gone when its source is closed, with what waited refused', async () => {
    const { all, runaway } = records.sample;
    await source.run(all, {}, limits);
    const asked = [1, 2].map(() => source.run(runaway[0] ?? all, {}, limits).catch((error: unknown) => String(error)));
    await new Promise(setImmediate);
    await source.close();
    expect(await Promise.all(asked)).toEqual(['SourceFault: unavailable', 'SourceFault: unavailable']);
    await untilThereAre(0);
  });

  it('ends with its parent, also while it runs a statement that never ends', async () => {
    await source.close(); // its child is not the one to look for
    await untilThereAre(0);
    const module = new URL('./sqlite.ts', import.meta.url).href;
    const program = `
      const { openSqlite } = await import(${JSON.stringify(module)});
      const source = openSqlite(${JSON.stringify(records.url)});
      await source.run(${JSON.stringify(records.sample.all)}, {}, ${JSON.stringify(limits)});
      source.run(${JSON.stringify(records.sample.runaway[0])}, {}, ${JSON.stringify(limits)}).catch(() => {});
      setTimeout(() => console.log('asked'), 100);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: process.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(parent.stdout, 'data');
    expect(await children()).toHaveLength(1);
    parent.kill('SIGKILL');
    await untilThereAre(0);
  });

  it('is unavailable, and not for ever, while the file is not there', async () => {
    const missing = openSqlite(`${records.url}.missing`);
    await expect(missing.run(records.sample.all, {}, limits)).rejects.toThrow('unavailable');
    await expect(missing.run(records.sample.all, {}, limits)).rejects.toThrow('unavailable');
    await missing.close();
  });
});
