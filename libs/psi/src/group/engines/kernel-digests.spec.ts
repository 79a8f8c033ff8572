import { beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { digestsByNode, endsOf } from '../digests.js';
import type { Digests } from '../engine.js';
import { anyMessages, crookedItems, messagesOf } from '../fixtures/messages.js';
import { digestsBy, openHashing, type Hashing } from './kernel-digests.js';

let hashing: Hashing;
let digests: Digests;

beforeAll(async () => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../kernel/build.mjs', import.meta.url))]);
  const opened = await openHashing();
  if (opened === undefined) throw new Error('it does not run on this machine');
  hashing = opened;
  digests = digestsBy(hashing);
});

it('hashes as Node does, whatever the lengths, and how many there are', () => {
  fc.assert(
    fc.property(anyMessages({ around: 400, item: 600, items: 700 }), (messages) => {
      expect(Buffer.compare(digests(messages), digestsByNode(messages))).toBe(0);
    }),
    { numRuns: 200 },
  );
});

it('hashes messages of every length up to four blocks', () => {
  for (const before of [0, 1, 127, 128, 129]) {
    const all = Array.from({ length: 520 }, (_, length) => Buffer.alloc(length, 'text'));
    const messages = messagesOf(Buffer.alloc(before, 'begins'), all, Buffer.from('ends'));
    expect(Buffer.compare(digests(messages), digestsByNode(messages))).toBe(0);
  }
});

it('hashes the examples of FIPS 180-4', () => {
  const long =
    'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu';
  const messages = messagesOf(Buffer.alloc(0), [Buffer.from('abc'), Buffer.from(long)], Buffer.alloc(0));
  expect(Buffer.from(digests(messages)).toString('hex')).toBe(
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f' +
      '8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909',
  );
});

it('hashes what is larger than its memory', () => {
  for (const large of [512, 513, 200_000]) {
    const messages = messagesOf(
      Buffer.alloc(128, 1),
      [Buffer.alloc(3), Buffer.alloc(large, 'x'), Buffer.alloc(5)],
      Buffer.alloc(0),
    );
    expect(Buffer.compare(digests(messages), digestsByNode(messages))).toBe(0);
  }
  const [short, long] = [Buffer.alloc(3), Buffer.alloc(1000, 'x')];
  for (const [before, after] of [[long, short] as const, [short, long] as const]) {
    const messages = messagesOf(before, [short], after);
    const whole = createHash('sha512').update(before).update(short).update(after).digest();
    expect(Buffer.compare(digests(messages), whole)).toBe(0);
  }
});

it.each(crookedItems)('hashes no items that %s', (_what, ends, bytes, results) => {
  const none = Buffer.alloc(0);
  const messages = { before: none, items: Buffer.alloc(bytes), ends: Uint32Array.from(ends), after: none };
  expect(() => digests(messages, Buffer.alloc(results * 64))).toThrow(RangeError);
});

it('leaves nothing of a batch in its memory', () => {
  const before = Buffer.from(new Uint8Array(hashing.memory.buffer));
  const items = Buffer.alloc(1000 * 96, 'secret');
  digests({ before: Buffer.alloc(128, 'key'), items, ends: endsOf(1000, 96), after: Buffer.from('after') });
  expect(Buffer.compare(new Uint8Array(hashing.memory.buffer), before)).toBe(0);
});
