import { describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { base64url } from './encodings.js';
import { bearsContext, letterContextOf, traceparentOf } from './letter-context.js';

const letter = 'AAECAwQFBgcICQoLDA0ODw';
const other = base64url(randomBytes(16));
const own = traceparentOf(letter);

describe('a letter’s context', () => {
  it('is SHA-256 of its label and the letter’s id, each after its length', () => {
    const part = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
    const input = Buffer.concat([part('anonymesh/letter-context/v1'), part(letter)]);
    const digest = createHash('sha256').update(input).digest('hex');
    expect(letterContextOf(letter)).toEqual({ traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) });
    expect(own).toBe(`00-${digest.slice(0, 32)}-${digest.slice(32, 48)}-00`);
  });

  it('is the same each time, and another for each letter', () => {
    expect(traceparentOf(letter)).toBe(own);
    const contexts = Array.from({ length: 1000 }, () => letterContextOf(base64url(randomBytes(16))));
    expect(new Set(contexts.flatMap(({ traceId, spanId }) => [traceId, spanId])).size).toBe(2000);
  });
});

describe('a letter bears its context', () => {
  const bears = (...lines: string[]) => bearsContext(letter, Buffer.from(['NATS/1.0', ...lines, '', ''].join('\r\n')));

  it.each([
    ['alone', [`traceparent: ${own}`]],
    ['beside the broker’s', [`traceparent: ${own}`, `Nats-Msg-Id: ${letter}`]],
    ['whatever else stands there', ['', 'tracestate: a=b', `traceparent: ${own}`, 'baggage: who=she', '::', '\n']],
    ['beside one under another name', [`traceparent: ${own}`, `Traceparent: ${traceparentOf(other)}`]],
  ])('where its header stands there, %s', (_what, lines) => {
    expect(bears(...lines)).toBe(true);
  });

  it.each([
    ['nothing', []],
    ['another letter’s', [`traceparent: ${traceparentOf(other)}`]],
    ['one that is sampled', [`traceparent: ${own.replace(/00$/, '01')}`]],
    ['another version', [`traceparent: ${own.replace(/^00/, '01')}`]],
    ['the same trace and another span', [`traceparent: 00-${letterContextOf(letter).traceId}-${'1'.repeat(16)}-00`]],
    ['more behind it', [`traceparent: ${own}-00`]],
    ['capitals', [`traceparent: ${own.toUpperCase()}`]],
    ['an empty one', ['traceparent: ']],
    ['zeros', [`traceparent: 00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`]],
    ['it twice', [`traceparent: ${own}`, `traceparent: ${own}`]],
    ['it and another letter’s', [`traceparent: ${own}`, `traceparent: ${traceparentOf(other)}`]],
    ['it within another', [`x: traceparent: ${own}`]],
    ['it on a line that does not end', [`traceparent: ${own}\nx: y`]],
    ['it under another name', [`Traceparent: ${own}`, `xtraceparent: ${own}`]],
    ['it among very much', [`traceparent: ${own}`, `x: ${'y'.repeat(5000)}`]],
  ])('not where %s stands there', (_what, lines) => {
    expect(bears(...lines)).toBe(false);
  });

  it('not where there are no headers, or none that anybody can read', () => {
    expect(bearsContext(letter, undefined)).toBe(false);
    expect(bearsContext(letter, Buffer.alloc(0))).toBe(false);
    for (let bytes = 1; bytes < 300; bytes += 1) expect(bearsContext(letter, randomBytes(bytes))).toBe(false);
  });
});
