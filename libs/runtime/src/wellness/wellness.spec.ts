import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as listenTo, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mayMount, mountDisk } from '../../../../tests/servers/small-disk.js';
import { openLog } from '../log.js';
import { openMetrics } from '../metrics.js';
import { lookAt, well, amiss, type Checked, type Found } from './check.js';
import { checkClock, judgeSkew } from './clock.js';
import { checkDisk, judgeRoom } from './disk.js';
import { addressOf, greetingOf } from './greeting.js';
import { checkKeyFiles } from './key-files.js';
import { checkNames } from './names.js';
import { watchWellness } from './watch.js';

let server: Server;
let url: string;
let folder: string;
/** Milliseconds by which the clock of the identity provider is ahead. */
let ahead = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-wellness-'));
  server = createServer((_request, response) => {
    response.sendDate = false;
    if (!Number.isNaN(ahead)) response.setHeader('date', new Date(Date.now() + ahead).toUTCString());
    response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const minute = 60_000;
const gigabyte = 1_000_000_000;

describe('a check', () => {
  const lost: Found = { state: 'failing', code: 'lost', reason: 'It is lost.', todo: 'Find it.' };

  it('tells what it finds', async () => {
    expect(await lookAt({ name: 'x', look: async () => well('Fine.'), lost })).toEqual({
      name: 'x',
      state: 'well',
      code: 'well',
      reason: 'Fine.',
      todo: '',
    });
  });

  it('that throws says what it lost, and nothing of what was thrown', async () => {
    const look = () => Promise.reject(new Error('no route to AB123456C'));
    expect(await lookAt({ name: 'x', look, lost })).toEqual({ name: 'x', ...lost });
  });

  it('that takes too long is lost too', async () => {
    const began = performance.now();
    expect(await lookAt({ name: 'x', look: () => new Promise(() => undefined), lost })).toEqual({ name: 'x', ...lost });
    expect(performance.now() - began).toBeLessThan(6000);
  });
});

describe('the clock', () => {
  it.each([
    [0, 'well'],
    [2 * minute, 'attention'],
    [-2 * minute, 'attention'],
    [6 * minute, 'failing'],
    [-6 * minute, 'failing'],
  ])('is compared with the identity provider’s, which is %i ms ahead', async (skew, state) => {
    ahead = skew;
    expect((await checkClock({ issuer: url })).state).toBe(state);
  });

  it('is not known to be right where nobody tells the time', async () => {
    ahead = NaN;
    expect((await checkClock({ issuer: url })).state).toBe('unknown');
    expect((await checkClock({ issuer: 'http://127.0.0.1:9' })).state).toBe('unknown');
    expect((await checkClock({})).state).toBe('unknown');
  });

  it('is compared with the broker’s where that tells it', async () => {
    const found = await checkClock({ broker: async () => Date.now() + 10 * minute, issuer: url });
    expect(found).toMatchObject({ state: 'failing', code: 'clock-off' });
    expect(found.reason).toBe('The clock is 600 seconds behind the broker’s.');
  });

  it('says which way it is wrong', () => {
    expect(judgeSkew(90_000).reason).toContain('90 seconds ahead of');
    expect(judgeSkew(-90_000).reason).toContain('90 seconds behind');
  });
});

describe('the disk', () => {
  it.each([
    [100 * gigabyte, 'well'],
    [3 * gigabyte, 'attention'],
    [0.2 * gigabyte, 'failing'],
  ])('with %i bytes free is %s', (free, state) => {
    expect(judgeRoom(free).state).toBe(state);
  });

  it('that is not there is no disk with room', async () => {
    await expect(checkDisk([join(tmpdir(), 'not', 'there')])).rejects.toThrow();
  });
});

// Where nothing may be mounted, what statfs would say is judged above.
(mayMount ? it : it.skip)(
  'a disk that is full, among others, is said to be (where a disk may be mounted)',
  async () => {
    const mounted = join(folder, 'small');
    const disk = await mountDisk(mounted);
    try {
      await disk.fill();
      expect(await checkDisk([folder, mounted])).toMatchObject({ state: 'failing', code: 'disk-full' });
    } finally {
      disk.end();
    }
  },
);

describe('files with secrets', () => {
  it.each([0o644, 0o640, 0o700, 0o602])('of mode %i are told, with the file and the remedy', async (mode) => {
    const file = join(folder, `key-${mode}.pem`);
    await writeFile(file, 'x');
    await chmod(file, mode);
    const found = await checkKeyFiles([file]);
    expect(found).toMatchObject({ state: 'failing', code: 'key-file-mode' });
    expect(found.reason).toContain(file);
    expect(found.todo).toContain(`chmod 600 ${file}`);
    await chmod(file, 0o600);
    expect((await checkKeyFiles([file])).state).toBe('well');
  });

  it('that are gone are told', async () => {
    expect(await checkKeyFiles([join(folder, 'none.pem')])).toMatchObject({ code: 'key-file-missing' });
  });
});

describe('names', () => {
  it('that lead nowhere are told', async () => {
    const found = await checkNames(['127.0.0.1', 'nats.nowhere.invalid']);
    expect(found).toMatchObject({ state: 'failing', code: 'name-not-found' });
    expect(found.reason).toContain('nats.nowhere.invalid');
    expect((await checkNames(['127.0.0.1', 'localhost'])).state).toBe('well');
  });
});

describe('who answers at an address', () => {
  it.each([
    ['greets as NATS does', (socket: Socket) => void socket.write('INFO {"server_id":"x"}\r\n'), 'nats'],
    ['greets in another way', (socket: Socket) => void socket.write('220 mail.example ESMTP\r\n'), 'not-nats'],
    ['hangs up', (socket: Socket) => void socket.end(), 'not-nats'],
    ['says nothing', () => undefined, 'silent'],
  ])('and %s', async (_how, speak, expected) => {
    const sockets: Socket[] = [];
    const listening = listenTo((socket) => {
      sockets.push(socket.on('error', () => undefined));
      speak(socket);
    }).listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const { port } = listening.address() as AddressInfo;
    expect(await greetingOf({ host: '127.0.0.1', port })).toBe(expected);
    for (const socket of sockets) socket.destroy();
    listening.close();
  });

  it('is no NATS server where it is a web server, and nobody where nothing listens', async () => {
    expect(await greetingOf(addressOf(url))).toBe('not-nats');
    expect(await greetingOf({ host: '127.0.0.1', port: 9 })).toBe('refused');
    expect(await greetingOf({ host: 'nats.nowhere.invalid', port: 4222 })).toBe('name-unknown');
  });

  it('is found by every way to write an address', () => {
    expect(addressOf('nats://broker:4333')).toEqual({ host: 'broker', port: 4333 });
    expect(addressOf('tls://broker')).toEqual({ host: 'broker', port: 4222 });
    expect(addressOf('broker:1')).toEqual({ host: 'broker', port: 1 });
    expect(addressOf('nats://[::1]:4222')).toEqual({ host: '::1', port: 4222 });
  });
});

describe('a node that is watched', () => {
  it('logs each change once, by the code, and tells it to who asks whether it is ready', async () => {
    const lines: string[] = [];
    const log = openLog({ app: 'spec', to: { write: (line) => void lines.push(line) } });
    let found: Found = well('Fine.');
    const look = async () => found;
    const metrics = openMetrics({ processMetrics: false });
    const checks = [{ name: 'clock', look, lost: amiss('lost', 'Lost.', 'Find it.') }];
    const wellness = watchWellness(checks, { log, metrics }, 3_600_000);
    const ready = async () => wellness.readiness[0]?.check();
    expect(await ready()).toMatchObject({ state: 'unknown' });
    await wellness.look();
    expect(await ready()).toEqual({ state: 'well', code: 'well' });
    found = judgeSkew(10 * minute);
    const told: readonly Checked[] = await wellness.look();
    await wellness.look();
    expect(told[0]?.code).toBe('clock-off');
    expect(await ready()).toEqual({ state: 'failing', code: 'clock-off' });
    expect(await metrics.print()).toContain('anonymesh_check_failing{check="clock"} 1');
    found = well('Fine again.');
    await wellness.look();
    expect(await ready()).toEqual({ state: 'well', code: 'well' });
    await wellness.close();
    const events = lines.map((line) => JSON.parse(line) as Record<string, string>);
    expect(events.map(({ level, event, check, found: code }) => [level, event, check, code])).toEqual([
      ['warn', 'wellness.failing', 'clock', 'clock-off'],
      ['info', 'wellness.changed', 'clock', 'well'],
    ]);
  });
});
