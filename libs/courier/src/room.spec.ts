import { describe, expect, it } from '@jest/globals';
import { openRoom } from './room.js';

describe('who waits for room', () => {
  it('goes on when there is some, and only then', async () => {
    const room = openRoom();
    let free = 0;
    let done = false;
    const waiting = room.wait(() => free > 1).then(() => (done = true));
    free = 1;
    room.made();
    await Promise.resolve();
    expect(done).toBe(false);
    free = 2;
    room.made();
    await waiting;
  });

  it('and gives up is not asked after any more, and nor is who went on', async () => {
    const room = openRoom();
    let asked = 0;
    let free = false;
    const isThere = () => {
      asked += 1;
      return free;
    };
    const leaving = new AbortController();
    const given = Array.from({ length: 100 }, () => room.wait(isThere, leaving.signal));
    const stays = room.wait(isThere);
    leaving.abort(new Error('too late'));
    for (const result of await Promise.allSettled(given)) expect(result).toMatchObject({ status: 'rejected' });
    await expect(given[0]).rejects.toThrow('too late');
    asked = 0;
    room.made();
    expect(asked).toBe(1);
    free = true;
    room.made();
    await stays;
    asked = 0;
    room.made();
    expect(asked).toBe(0);
  });

  it('is told when there will be none any more', async () => {
    const room = openRoom();
    const waiting = room.wait(() => false);
    room.close();
    await expect(waiting).rejects.toThrow('closed');
    await expect(room.wait(() => true)).rejects.toThrow('closed');
    await expect(openRoom().wait(() => true, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });
});
