import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { subjectAccount } from '@anonymesh/founding';
import { parse } from 'yaml';
import { until } from '../mesh/until.js';
import { alive, memoryOf } from './process-tree.js';
import { runSandbox, type SandboxRun } from './run-sandbox.js';

const base = await mkdtemp(join(tmpdir(), 'anonymesh-sandbox-'));
const runs: SandboxRun[] = [];
let count = 0;

function run(args: readonly string[], env?: NodeJS.ProcessEnv) {
  const dir = join(base, `run-${(count += 1)}`);
  const started = runSandbox([...args, '--dir', dir], env);
  runs.push(started);
  return { ...started, dir };
}

afterAll(async () => {
  for (const { seen } of runs) for (const pid of alive([...seen])) process.kill(pid, 'SIGKILL');
  await rm(base, { recursive: true, force: true });
});

describe('the sandbox', () => {
  it('lives through the story, says it in one line of JSON, and leaves nothing running', async () => {
    const began = performance.now();
    const sandbox = run(['--once', '--json']);
    await until('the mesh is up', () => /is up after/.test(sandbox.printed()), 60);
    const ready = (performance.now() - began) / 1000;
    const megabytes = memoryOf(alive([...sandbox.seen])) / 2 ** 20;
    const exit = await sandbox.ended;
    // Figures for the reader: how fast a machine is, is no matter of right or wrong.
    process.stdout.write(`the whole mesh: ${megabytes.toFixed(0)} MB, up after ${ready.toFixed(1)} s\n`);
    expect(sandbox.complained()).toBe('');
    expect(exit).toBe(0);
    expect(megabytes).toBeLessThan(1536);
    const story: unknown = JSON.parse(sandbox.printed().trimEnd().split('\n').at(-1) ?? '');
    expect(story).toEqual({
      queryId: expect.stringMatching(/^[0-9a-f]{32}$/),
      subject: { niNumber: applicant.fields.niNumber },
      outcome: applicant.outcome,
      explanation: { concerns: applicant.concerns },
      sets: { matches: 60 },
    });
    expect(sandbox.seen.size).toBeGreaterThan(9);
    expect(alive([...sandbox.seen])).toEqual([]);
    await expectKept(sandbox.dir);
    for (const port of await portsOf(sandbox.dir)) expect(await isClosed(port)).toBe(true);
  }, 90_000);

  it('tells the story of another sample person', async () => {
    const other = samples.find(({ outcome }) => outcome === 'clear') ?? applicant;
    const sandbox = run(['--once', '--json', '--subject', other.fields.niNumber.toLowerCase()]);
    expect(await sandbox.ended).toBe(0);
    expect(JSON.parse(sandbox.printed().trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      subject: { niNumber: other.fields.niNumber },
      outcome: 'clear',
      explanation: { concerns: [] },
    });
  }, 60_000);

  it('tells where its pages are and who can sign in, stays up, and stops everything when it is interrupted', async () => {
    const sandbox = run([]);
    await until('it stays up', () => sandbox.printed().includes('Ctrl-C stops everything'), 60);
    const told = sandbox.printed().slice(sandbox.printed().indexOf('Now try it yourself'));
    const surfaces = told.match(/(?<=^ +)http:\/\/127\.0\.0\.1:\d+(?= +(?! |knows))/gm) ?? [];
    expect(surfaces).toHaveLength(2 + 1 + 6); // requesters, the portal, holders
    for (const address of surfaces) {
      const page = await fetch(`${address}/`, { headers: { accept: 'text/html' }, redirect: 'manual' });
      expect([200, 303]).toContain(page.status);
    }
    expect(told).toContain(subjectAccount(applicant.fields.niNumber));
    sandbox.signal('SIGINT');
    expect(await sandbox.ended).toBe(0);
    expect(alive([...sandbox.seen])).toEqual([]);
  }, 90_000);

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops everything at %s while it is starting',
    async (signal) => {
      const sandbox = run(['--once']);
      await until('the broker runs', () => existsSync(join(sandbox.dir, 'hmrc', 'log.jsonl')), 60);
      sandbox.signal(signal);
      expect(await sandbox.ended).toBe(130);
      await until('all have ended', () => alive([...sandbox.seen]).length === 0, 10);
    },
    90_000,
  );

  it('stops what it has started, and says why, where the broker’s program is missing', async () => {
    const sandbox = run(['--once'], { PATH: dirname(process.execPath) });
    expect(await sandbox.ended).toBe(1);
    expect(sandbox.complained()).toMatch(/^broker has ended before it was ready/);
    expect(alive([...sandbox.seen])).toEqual([]);
  }, 60_000);

  it.each([
    [['--subject', 'QQ123456C'], 'no sample person has that number'],
    [['--what'], "Unknown option '--what'"],
  ])('does not start with %j', async (args, why) => {
    const sandbox = run(args);
    expect(await sandbox.ended).toBe(2);
    expect(sandbox.complained()).toContain(why);
    expect(existsSync(sandbox.dir)).toBe(false);
  });

  it('does not write into a folder that holds something', async () => {
    const sandbox = runSandbox(['--once', '--dir', base]);
    expect(await sandbox.ended).toBe(2);
    expect(sandbox.complained()).toContain('is not empty');
  });
});

const holders = ['hmrc', 'dwp', 'council'];

/** What the sandbox keeps under DIR/<party>/, and that no secret is for others to read. */
async function expectKept(dir: string): Promise<void> {
  for (const party of ['immigration', 'coordinator', 'aggregator', 'appeal-portal', ...holders]) {
    expect(existsSync(join(dir, party, 'log.jsonl'))).toBe(true);
    expect(existsSync(join(dir, party, 'state', 'store.sqlite'))).toBe(true);
    expect(existsSync(join(dir, party, 'data'))).toBe(holders.includes(party));
    expect((await stat(join(dir, party, 'keys'))).mode & 0o077).toBe(0);
  }
  expect(existsSync(join(dir, 'broker', 'streams'))).toBe(true);
  const open = execFileSync('find', [dir, '-path', '*/keys/*', '-perm', '/077']).toString();
  expect(open).toBe('');
}

async function portsOf(dir: string): Promise<number[]> {
  const configs = ['immigration', 'coordinator', 'aggregator', 'appeal-portal', ...holders];
  const texts = await Promise.all(configs.map((party) => readFile(join(dir, party, 'config.yaml'), 'utf8')));
  return texts.map((text) => (parse(text) as { listen: { port: number } }).listen.port);
}

async function isClosed(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const [event] = await Promise.race([
    once(socket, 'connect').then(() => ['connect']),
    once(socket, 'error').then(() => ['error']),
  ]).catch(() => ['error']);
  socket.destroy();
  return event === 'error';
}
