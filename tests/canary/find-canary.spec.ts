import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { findIn, needlesFor } from './find-canary.js';

const needles = needlesFor(['CE482915B', 'Okafor', '1984-03-27', 'M14 5RQ']);
const hash = (name: string, text: string) => createHash(name).update(text).digest();

describe('the search for a person', () => {
  it.each([
    ['text', Buffer.from('{"n":"CE482915B"}')],
    ['text', Buffer.from('asked about ce 48 29 15 b')],
    ['text', Buffer.from('CE-48-29-15-B')],
    ['text', Buffer.from('OKAFOR')],
    ['text', Buffer.from('born 27/03/1984')],
    ['text', Buffer.from('19840327')],
    ['text', Buffer.from('m145rq')],
    ['text', Buffer.from('?postcode=M14+5RQ')],
    ['text in hex', Buffer.from(Buffer.from('.CE482915B.').toString('hex'))],
    ['text in hex', Buffer.from(Buffer.from('okafor').toString('hex').toUpperCase())],
    ['UTF-16', Buffer.from('Okafor', 'utf16le')],
    ['UTF-16 BE', Buffer.from('Okafor', 'utf16le').swap16()],
    ...['', 'x', 'xx'].flatMap((before) => [
      ['text in base64', Buffer.from(Buffer.from(`${before}CE482915B and more`).toString('base64'))] as const,
      ['text in base64', Buffer.from(Buffer.from(`${before}M14 5RQ`).toString('base64url'))] as const,
    ]),
    ...['md5', 'sha1', 'sha256', 'sha512'].flatMap((name) => [
      [name, hash(name, 'CE482915B')] as const,
      [`${name} in hex`, Buffer.from(hash(name, 'okafor').toString('hex'))] as const,
      [`${name} in base64`, Buffer.from(hash(name, '1984-03-27').toString('base64'))] as const,
      [`${name} in base64`, Buffer.from(hash(name, 'M14 5RQ').toString('base64url'))] as const,
    ]),
  ])('finds %s', (form, planted) => {
    const around = [Buffer.alloc(1000, 7), Buffer.alloc(1000, 9)] as const;
    expect(findIn(Buffer.concat([around[0], planted, around[1]]), needles)).toContain(form);
    expect(findIn(Buffer.concat(around), needles)).toEqual([]);
  });
});
