import { describe, expect, it } from '@jest/globals';
import { pad, sealTwice } from '@anonymesh/protocol';
import { randomBytes } from 'node:crypto';
import { queryKeyOf } from './reference.js';
import { openSlip, sealSlip, type Slip } from './slip.js';
import { Withheld } from './withheld.js';

const seed = randomBytes(32);
const [queryKey, portal] = [queryKeyOf(seed, 0), queryKeyOf(randomBytes(32), 0)];
const random = (length: number) => randomBytes(length).toString('base64url');
const manifest = { nonce: random(16), agreement: random(32), requester: 'immigration' };
const binding = { manifest, portal: 'appeal-portal' };
const to = { queryKey: queryKey.public, portal: portal.public };
const own = { queryKey: queryKey.own, portal: (kid: string) => (kid === portal.own.kid ? portal.own : undefined) };
const slip: Slip = { agreement: manifest.agreement, purpose: 'To decide', subjectKey: new Withheld('AB123456C') };
const sealed = sealSlip(slip, to, binding);

describe('a slip', () => {
  it('tells the portal, with the reference, whom a query was about and for what', () => {
    const opened = openSlip(sealed, own, binding);
    expect(opened).toMatchObject({ agreement: manifest.agreement, purpose: 'To decide' });
    expect(opened?.subjectKey.reveal()).toBe('AB123456C');
    expect(JSON.stringify(opened)).not.toContain('AB123456C');
  });

  it.each([
    ['query', { ...binding, manifest: { ...manifest, nonce: random(16) } }],
    ['agreement', { ...binding, manifest: { ...manifest, agreement: random(32) } }],
    ['requester', { ...binding, manifest: { ...manifest, requester: 'childrens-services' } }],
    ['portal', { ...binding, portal: 'other-portal' }],
  ])('does not open when moved to another %s', (_what, other) => {
    expect(openSlip(sealed, own, other)).toBe(undefined);
  });

  it('does not open with the reference alone, with the portal’s key alone, or with the next asking’s key', () => {
    expect(openSlip(sealed, { ...own, portal: () => undefined }, binding)).toBe(undefined);
    expect(openSlip(sealed, { ...own, queryKey: queryKeyOf(randomBytes(32), 0).own }, binding)).toBe(undefined);
    expect(openSlip(sealed, { ...own, queryKey: queryKeyOf(seed, 1).own }, binding)).toBe(undefined);
  });

  it('has one size, whatever purpose and person, also with the longest that an agreement and a field may have', () => {
    const purposes = ['x', 'x'.repeat(400), '李'.repeat(400), '"'.repeat(400)];
    const sizes = purposes.flatMap((purpose) =>
      ['A', 'AB123456C', '李'.repeat(100)].map(
        (key) => sealSlip({ ...slip, purpose, subjectKey: new Withheld(key) }, to, binding).length,
      ),
    );
    expect(new Set(sizes)).toEqual(new Set([sealed.length]));
  });

  it.each([
    ['something more in it', { agreement: manifest.agreement, purpose: '', subjectKey: 'A', note: '' }],
    ['no person', { agreement: manifest.agreement, purpose: '', subjectKey: '' }],
    ['no agreement', { purpose: '', subjectKey: 'A' }],
    ['an agreement by name', { agreement: 'right-to-remain', purpose: '', subjectKey: 'A' }],
  ])('is refused with %s', (_what, content) => {
    const context = {
      message: 'slip',
      nonce: manifest.nonce,
      agreement: manifest.agreement,
      from: 'immigration',
      to: 'appeal-portal',
    };
    const text = pad(Buffer.from(JSON.stringify(content)).toString('base64url'), 2560);
    expect(openSlip(sealTwice(text, to, context), own, binding)).toBe(undefined);
  });
});
