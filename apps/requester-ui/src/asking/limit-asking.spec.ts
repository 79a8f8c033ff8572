import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { embeddedStore, postgresStore, type TemporaryStore } from '../fixtures/temporary-stores.js';
import { askingConfig, limitAsking } from './limit-asking.js';

const limits = askingConfig.parse({
  perAccount: { most: 2, withinSeconds: 600 },
  roles: { 'case-system': { most: 5, withinSeconds: 3600 } },
});
const start = 1_900_000_000_000;

describe.each([
  ['embedded', embeddedStore],
  ['postgres', postgresStore],
] as const)('an account that asks, counted in the %s store', (_kind, open) => {
  let temporary: TemporaryStore;
  let made = 0;
  const count = limitAsking(limits);
  beforeAll(async () => {
    temporary = await open();
  }, 60_000);
  afterAll(() => temporary.remove());
  beforeEach(() => temporary.store.knex('uses').delete());

  /** `may`, or after how many seconds. */
  async function asks(asker: string, { at = start, role = 'caseworker' } = {}): Promise<'may' | number> {
    made += 1;
    const query = { id: made.toString(16).padStart(32, '0'), asker, role };
    const counted = temporary.store.knex.transaction((transaction) => count(transaction, query, at));
    return counted.then(
      () => 'may',
      (error: { retryAfter: number }) => error.retryAfter,
    );
  }

  it('may so often within that time, and is told in how many seconds again', async () => {
    expect([await asks('ann'), await asks('ann', { at: start + 60_000 })]).toEqual(['may', 'may']);
    expect(await asks('ann', { at: start + 60_000 })).toBe(540);
    expect(await asks('ann', { at: start + 599_001 })).toBe(1);
    expect(await asks('ann', { at: start + 600_000 })).toBe('may');
    expect(await asks('ann', { at: start + 600_000 })).toBe(60);
  });

  it('gets no more by a hundred tries at once', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => asks('ann')));
    expect(all.filter((each) => each === 'may')).toHaveLength(2);
  }, 30_000);

  it('keeps nobody else from asking, whatever an account is called', async () => {
    for (let times = 0; times < 3; times += 1) await asks('ann');
    const long = 'x'.repeat(255);
    expect([await asks('bob'), await asks(long), await asks(`${long.slice(1)}y`)]).toEqual(['may', 'may', 'may']);
    expect(JSON.stringify(await temporary.store.knex('uses'))).not.toMatch(/ann|bob/);
  });

  it('may more often in a role of which that is said, and no oftener in one that only has a curious name', async () => {
    const role = 'case-system';
    for (let times = 0; times < 5; times += 1) expect(await asks('system', { role })).toBe('may');
    expect(await asks('system', { role })).toBe(3600);
    expect(await asks('system')).toBe(600);
    for (const expected of ['may', 'may', 600]) expect(await asks('eve', { role: '__proto__' })).toBe(expected);
  });
});

describe('the limits of asking', () => {
  it('leave time for a check a minute, and are never none nor without an end', () => {
    expect(askingConfig.parse({})).toEqual({ perAccount: { most: 60, withinSeconds: 3600 }, roles: {} });
    for (const most of [0, -1, 1.5, Infinity, '5'])
      expect(askingConfig.safeParse({ roles: { clerk: { most } } }).success).toBe(false);
  });
});
