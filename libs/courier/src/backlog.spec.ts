import { beforeEach, describe, expect, it } from '@jest/globals';
import { openBacklog, type Backlog, type Outgoing } from './backlog.js';

const mib = 1024 * 1024;
const sealed = Buffer.alloc(mib);

let backlog: Backlog;
beforeEach(() => {
  backlog = openBacklog();
});

const parcels = (count: number, subject = 'a', notBefore = 0): Outgoing[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${subject}-${index}`, subject, sealed, notBefore }));
const idsOf = (each: readonly { id: string }[]) => each.map(({ id }) => id);
const listed = (each: readonly Outgoing[]) => each.map(({ id, subject }) => ({ id, subject, bytes: mib }));
const all = (each: readonly Outgoing[]) => new Set(idsOf(each));
const none = new Set<string>();
const later = Date.now() + 3_600_000;

describe('the backlog', () => {
  it('gives out what may leave, in order, in batches of some megabytes', () => {
    backlog.take(parcels(20));
    const first = backlog.due();
    expect(idsOf(first)).toEqual(idsOf(parcels(8)));
    backlog.settle(first, all(first), later);
    expect(idsOf(backlog.due())[0]).toBe('a-8');
    expect([backlog.bytes(), backlog.bytes('a'), backlog.bytes('b')]).toEqual([12 * mib, 12 * mib, 0]);
  });

  it('gives out no more than 200 small ones at once', () => {
    backlog.take(parcels(300).map((each) => ({ ...each, sealed: Buffer.alloc(10) })));
    expect(backlog.due()).toHaveLength(200);
  });

  it('holds what memory has room for, counts the rest, and wants it once half has left', () => {
    const given = parcels(50);
    backlog.take(given);
    expect([backlog.bytes(), backlog.lacks()]).toEqual([50 * mib, false]);
    for (let left = 32; left > 16; left -= 8) {
      const due = backlog.due();
      backlog.settle(due, all(due), later);
    }
    expect([backlog.bytes(), backlog.lacks()]).toEqual([34 * mib, true]);
    expect(backlog.wanted().notOn).toEqual([]);
    const chosen = backlog.choose(listed(given.slice(16)));
    expect(chosen.map((portion) => portion.length)).toEqual([8, 8]);
    expect(chosen.flat()).toEqual(idsOf(given.slice(32, 48)));
    backlog.take(given.slice(32, 48));
    expect([backlog.bytes(), backlog.lacks()]).toEqual([34 * mib, false]);
  });

  it('forgets what the table no longer has, as another copy of this party has sent it', () => {
    backlog.take(parcels(50));
    backlog.doubt();
    backlog.wanted();
    expect(backlog.choose([])).toEqual([]);
    expect(backlog.bytes()).toBe(32 * mib);
  });

  it('takes nothing twice', () => {
    backlog.take(parcels(3));
    backlog.take(parcels(3));
    backlog.wanted();
    expect(backlog.choose(listed(parcels(3)))).toEqual([]);
    expect([backlog.bytes(), backlog.due().length]).toEqual([3 * mib, 3]);
  });

  it('leaves in the table what may not leave for long, and does not count it', () => {
    backlog.take([...parcels(40, 'a', later), ...parcels(2, 'b', Date.now() + 20_000)]);
    expect([backlog.bytes(), backlog.due().length, backlog.lacks()]).toEqual([2 * mib, 0, false]);
    expect(backlog.next()).toBeLessThan(later);
    expect(backlog.wanted().notBefore).toBeLessThan(later);
  });

  it('tries again what failed, after all others', () => {
    backlog.take(parcels(3));
    backlog.settle(backlog.due(), new Set(['a-1']), 0);
    backlog.take(parcels(1, 'b'));
    backlog.settle(parcels(1), none, 0);
    expect(idsOf(backlog.due())).toEqual(['a-2', 'b-0', 'a-0']);
  });

  it('keeps only a few of a subject that takes nothing, so that others have room, until it takes one', () => {
    backlog.take(parcels(32));
    expect(backlog.due()).toHaveLength(8);
    while (backlog.due().length > 0) backlog.settle(backlog.due(), none, later);
    expect([backlog.bytes('a'), backlog.wanted().notOn]).toEqual([32 * mib, ['a']]);
    expect(backlog.lacks()).toBe(false);
    backlog.take([...parcels(33).slice(32), ...parcels(22, 'b')]);
    expect([backlog.bytes('a'), backlog.bytes('b')]).toEqual([33 * mib, 22 * mib]);
    expect(backlog.due().every(({ subject }) => subject === 'b')).toBe(true);
    const one = parcels(9).slice(8);
    backlog.settle(one, all(one), later);
    backlog.settle(parcels(22, 'b'), all(parcels(22, 'b')), later);
    expect([backlog.lacks(), backlog.wanted().notOn]).toEqual([true, []]);
  });

  it('does not lose what is committed while the table is listed', () => {
    backlog.take(parcels(32));
    backlog.wanted();
    backlog.take(parcels(1, 'b'));
    backlog.choose(listed(parcels(32)));
    const due = parcels(32);
    backlog.settle(due, all(due), later);
    expect(backlog.lacks()).toBe(true);
  });
});
