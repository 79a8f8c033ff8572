import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { ownAgreements, type OwnAgreement } from '../agreed/own-agreements.js';
import { makeLqiMesh } from '../fixtures/made-dispatch.js';
import { SourceFault } from '../sources/source-fault.js';
import type { Source, Statement } from '../sources/source.js';
import { lookAt, well, type Found } from './check.js';
import { checkAgreements } from './check-agreements.js';
import { checkClock, judgeSkew } from './check-clock.js';
import { checkDisk, judgeRoom } from './check-disk.js';
import { checkSource } from './check-source.js';

let own: OwnAgreement;
let server: Server;
let url: string;
/** Milliseconds by which the clock of the identity provider is ahead. */
let ahead = 0;
beforeAll(async () => {
  const mesh = await makeLqiMesh();
  [own] = ownAgreements(mesh.holder('hmrc'), Date.now()) as [OwnAgreement];
  server = createServer((_request, response) => {
    response.sendDate = false;
    if (!Number.isNaN(ahead)) response.setHeader('date', new Date(Date.now() + ahead).toUTCString());
    response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const minute = 60_000;
const gigabyte = 1_000_000_000;

describe('a check', () => {
  const lost: Found = { state: 'failing', reason: 'It is lost.', todo: 'Find it.' };

  it('tells what it finds', async () => {
    expect(await lookAt({ name: 'x', look: async () => well('Fine.') }, lost)).toEqual({
      name: 'x',
      state: 'well',
      reason: 'Fine.',
      todo: '',
    });
  });

  it('that throws says what it lost, and nothing of what was thrown', async () => {
    const look = () => Promise.reject(new Error('no route to AB123456C'));
    expect(await lookAt({ name: 'x', look }, lost)).toEqual({ name: 'x', ...lost });
  });

  it('that takes too long is lost too', async () => {
    const began = performance.now();
    expect(await lookAt({ name: 'x', look: () => new Promise(() => undefined) }, lost)).toEqual({ name: 'x', ...lost });
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
    expect((await checkClock(url)).state).toBe(state);
  });

  it('is not known to be right where nobody tells the time', async () => {
    ahead = NaN;
    expect((await checkClock(url)).state).toBe('unknown');
    expect((await checkClock('http://127.0.0.1:9')).state).toBe('unknown');
    expect((await checkClock(undefined)).state).toBe('unknown');
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

describe('agreements', () => {
  const stateOf = (...agreements: readonly OwnAgreement[]) => checkAgreements(agreements).state;

  it('are well where all can be answered under, and last', () => {
    expect(stateOf({ ...own, daysLeft: 100 })).toBe('well');
    expect(stateOf({ ...own, daysLeft: 100 }, { ...own, faults: ['over'] })).toBe('well');
  });

  it('want attention where there is none, one is held up, or one ends soon', () => {
    expect(stateOf()).toBe('attention');
    expect(stateOf({ ...own, daysLeft: 3 })).toBe('attention');
    const held = checkAgreements([
      { ...own, daysLeft: 100 },
      { ...own, faults: ['not-signed'] },
    ]);
    expect(held).toMatchObject({ state: 'attention', todo: expect.stringContaining('who has not signed') });
  });

  it('fail where none is in force', () => {
    expect(stateOf({ ...own, faults: ['template-missing'] })).toBe('failing');
  });
});

describe('the database', () => {
  const sourceOf = (run: (statement: Statement) => Promise<readonly []>): Source => ({
    run,
    stream: () => {
      throw new Error('no set');
    },
    close: async () => undefined,
  });

  it('is asked for next to nothing, and is well where it answers', async () => {
    const asked: Statement[] = [];
    const source = sourceOf(async (statement) => {
      asked.push(statement);
      return [];
    });
    expect((await checkSource(source, [own])).state).toBe('well');
    expect(asked).toEqual([{ kind: 'sql', dialect: 'sqlite', text: 'select 1 as answer' }]);
  });

  it.each(['unavailable', 'timeout', 'statement', 'too-many-rows'] as const)(
    'that answers %s is failing, and what to do is told, but not what the driver said',
    async (code) => {
      const found = await checkSource(
        sourceOf(() => Promise.reject(new SourceFault(code, new Error('password of AB123456C')))),
        [own],
      );
      expect(found.state).toBe('failing');
      expect(found.todo.length).toBeGreaterThan(10);
      expect(JSON.stringify(found)).not.toContain('AB123456C');
    },
  );

  it('is not looked at where no template says how', async () => {
    const source = sourceOf(() => Promise.reject(new Error('asked')));
    expect((await checkSource(source, [])).state).toBe('unknown');
    expect((await checkSource(source, [{ ...own, template: undefined }])).state).toBe('unknown');
  });
});
