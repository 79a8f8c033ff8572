import { ristretto255_hasher } from '@noble/curves/ed25519.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestsByNode } from './digests.js';
import { chooseEngine, enginesHere } from './engines/choose.js';
import { openNoble } from './engines/noble.js';
import { expandMany, expandMessage } from './expand-message.js';

const text = (value: string) => Buffer.from(value, 'latin1');
const here = await enginesHere();
const domain = text('QUUX-V01-CS02-with-expander-SHA512-256');

describe('expand_message_xmd with SHA-512', () => {
  it.each([
    ['', 32, '6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba'],
    ['abc', 32, '0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc'],
    ['abcdef0123456789', 32, '087e45a86e2939ee8b91100af1583c4938e0f5fc6c9db4b107b83346bc967f58'],
    [`q128_${'q'.repeat(128)}`, 32, '7336234ee9983902440f6bc35b348352013becd88938d2afec44311caf8356b3'],
    [`a512_${'a'.repeat(512)}`, 32, '57b5f7e766d5be68a6bfe1768e3c2b7f1228b3e4b3134956dd73a59b954c66f4'],
    [
      '',
      128,
      '41b037d1734a5f8df225dd8c7de38f851efdb45c372887be655212d07251b921b052b62eaed99b46f72f2ef4cc96bfaf' +
        '254ebbbec091e1a3b9e4fb5e5b619d2e0c5414800a1d882b62bb5cd1778f098b8eb6cb399d5d9d18f5d5842cf5d13d7e' +
        'b00a7cff859b605da678b318bd0e65ebff70bec88c753b159a805d2c89c55961',
    ],
  ])('gives the vector of RFC 9380, appendix K.3, for "%.10s", %i bytes', (message, length, uniform) => {
    expect(Buffer.from(expandMessage(text(message), domain, length)).toString('hex')).toBe(uniform);
  });

  it('leads to the same point as another implementation, for any message and tag', () => {
    const engine = openNoble();
    const tag = fc.uint8Array({ minLength: 1, maxLength: 255 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), tag, (message, DST) => {
        const right = ristretto255_hasher.hashToCurve(message, { DST }).toBytes();
        expect(Buffer.compare(engine.hash(expandMessage(message, DST, 64)), right)).toBe(0);
      }),
      { numRuns: 50, examples: [[new Uint8Array(), new Uint8Array(255)]] },
    );
  });

  it('ties each block to the length and to the block before', () => {
    const [short, long] = [expandMessage(text('abc'), domain, 129), expandMessage(text('abc'), domain, 255 * 64)];
    expect([short.length, long.length]).toEqual([129, 255 * 64]);
    const blocks = Array.from({ length: 255 }, (_, index) => Buffer.from(long.subarray(index * 64, index * 64 + 64)));
    expect(new Set([Buffer.from(short.subarray(0, 64)), ...blocks].map((block) => block.toString('hex'))).size).toBe(
      256,
    );
  });

  it.each(here)('is the same for many messages at once, of any lengths, by %s', async (name) => {
    const engine = await chooseEngine(name);
    const longest = new Uint8Array(1500).fill(0xff);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 }), (messages) => {
        const all = [...messages, longest, new Uint8Array()];
        let end = 0;
        const ends = Uint32Array.from(all, ({ length }) => (end += length));
        const uniforms = expandMany(domain, Buffer.concat(all), ends, (asked) => engine.digests(asked));
        const one = all.map((message) => expandMessage(message, domain, 64));
        expect(Buffer.compare(uniforms, Buffer.concat(one))).toBe(0);
      }),
    );
    const none = [new Uint8Array(), new Uint32Array(), digestsByNode] as const;
    expect(expandMany(domain, ...none)).toHaveLength(0);
    expect(() => expandMany(new Uint8Array(256), ...none)).toThrow(RangeError);
  });

  it.each([0, -1, 1.5, Number.NaN, 255 * 64 + 1])('refuses to give %s bytes', (length) => {
    expect(() => expandMessage(text(''), domain, length)).toThrow(RangeError);
  });

  it.each([0, 256])('refuses a domain separation tag of %i bytes', (length) => {
    expect(() => expandMessage(text(''), new Uint8Array(length), 64)).toThrow(RangeError);
  });
});
