import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { networkOf, whoseBy } from './whose.js';

const secret = () => randomBytes(32);

describe('under what tries are counted', () => {
  it('is the same for the same account, and another for another, an address, or another portal', () => {
    const key = secret();
    const whose = whoseBy(key);
    expect(whose('account', 'subject-1')).toBe(whoseBy(key)('account', 'subject-1'));
    const others = [
      whose('account', 'subject-2'),
      whose('rechecks', 'subject-1'),
      whose('address', 'subject-1'),
      whoseBy(secret())('account', 'subject-1'),
    ];
    expect(new Set([whose('account', 'subject-1'), ...others]).size).toBe(5);
  });

  it('tells nothing of the account', () => {
    expect(whoseBy(secret())('account', 'subject-1')).toMatch(/^[\w-]{43}$/);
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8::1', '2001:0db8:0000:0000'],
    ['2001:DB8:0:0:ffff::2', '2001:0db8:0000:0000'],
    ['2001:db8:1:2:3:4:5:6', '2001:0db8:0001:0002'],
    ['2001:db8:1:2:9:9:9:9', '2001:0db8:0001:0002'],
    ['fe80::1%eth0', 'fe80:0000:0000:0000'],
    ['::1', '0000:0000:0000:0000'],
  ])('of %s is the network %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
