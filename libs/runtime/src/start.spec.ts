import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';

const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'start-'));
const started: ChildProcess[] = [];

function startWith(config: string) {
  const file = join(folder, `config-${started.length}.yaml`);
  writeFileSync(file, config);
  const conditions = [
    '--conditions=development',
    '--import',
    fileURLToPath(new URL('../../../scripts/typescript.mjs', import.meta.url)),
  ];
  const child = spawn(process.execPath, [...conditions, join(fixtures, 'app-process.mjs'), '--config', file]);
  started.push(child);
  const seen = { out: '', err: '' };
  child.stdout.on('data', (data) => (seen.out += data));
  child.stderr.on('data', (data) => (seen.err += data));
  const exited = once(child, 'close').then(([code]) => Number(code));
  const listening = async () => {
    while (!seen.out.includes('"listening"')) await Promise.race([once(child.stdout, 'data'), failIf(exited, seen)]);
    return `http://127.0.0.1:${/"port":(\d+)/.exec(seen.out)?.[1]}`;
  };
  return { child, seen, exited, listening };
}

async function failIf(exited: Promise<number>, seen: object): Promise<never> {
  throw new Error(`exited with ${await exited}: ${JSON.stringify(seen)}`);
}

afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
});

describe('the process of an app', () => {
  it('says that it listens, is ready, closes what it opened in order on SIGTERM, and exits with 0', async () => {
    const app = startWith('port: 0');
    const address = await app.listening();
    const ready = await fetch(`${address}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, expect.objectContaining({ ready: true })]);
    app.child.kill('SIGTERM');
    expect(await app.exited).toBe(0);
    expect(app.seen.out.indexOf('store closed')).toBeGreaterThan(app.seen.out.indexOf('"closing"'));
    expect(app.seen.out.indexOf('broker closed')).toBeGreaterThan(app.seen.out.indexOf('store closed'));
  });

  it('cuts off a client that is still waiting, and still closes its stores', async () => {
    const app = startWith('port: 0');
    const waiting = fetch(`${await app.listening()}/hang`).catch((error: unknown) => error);
    await expect(fetch(`${await app.listening()}/health/live`)).resolves.toMatchObject({ status: 200 });
    app.child.kill('SIGINT');
    expect(await app.exited).toBe(0);
    expect(await waiting).toMatchObject({ name: 'TypeError' });
    expect(app.seen.out).toContain('broker closed');
  });

  it('does not wait longer than it was told for what cannot close', async () => {
    const app = startWith('{port: 0, fault: slow-close}');
    await app.listening();
    app.child.kill('SIGTERM');
    const before = Date.now();
    expect(await app.exited).toBe(1);
    expect(Date.now() - before).toBeLessThan(5_000);
    expect(app.seen.out).toContain('closing.took-too-long');
  });

  it('exits with code 2 on a bad config, and lists the faults', async () => {
    const app = startWith('{fault: never, more: 1}');
    expect(await app.exited).toBe(2);
    expect(app.seen.err.split('\n').filter((line) => line.includes('config-'))).toHaveLength(3);
  });

  it('exits with code 1 and one line without the message when something fails while starting', async () => {
    const app = startWith('{port: 0, fault: in-prepare}');
    expect(await app.exited).toBe(1);
    expect(app.seen.err).toContain('could not start: TypeError, because of Error\n');
    expect(app.seen.out + app.seen.err).not.toContain('QQ123456C');
  });

  it('says of a port that is taken which key of which file to change', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const app = startWith(`port: ${(taken.address() as AddressInfo).port}`);
    expect(await app.exited).toBe(1);
    expect(app.seen.err).toMatch(/config-\d+\.yaml: listen\.port: another program listens there \(end that, or/);
    taken.close();
  });

  it('says what is wired wrongly, which names only our own classes', async () => {
    const app = startWith('{port: 0, fault: in-wiring}');
    expect(await app.exited).toBe(1);
    expect(app.seen.err).toMatch(/could not start: .*AppModule/);
  });

  it('exits with code 1 on an unhandled rejection, without printing its message', async () => {
    const app = startWith('{port: 0, fault: later}');
    expect(await app.exited).toBe(1);
    expect(app.seen.out).toContain('process.fault');
    expect(app.seen.out + app.seen.err).not.toContain('QQ123456C');
  });
});
