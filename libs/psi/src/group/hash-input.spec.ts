import { ristretto255_hasher } from '@noble/curves/ed25519.js';
import { describe, expect, it } from '@jest/globals';
import { expandMessage } from './expand-message.js';
import { chooseEngine, enginesHere } from './engines/choose.js';
import { uniformOf } from './hash-input.js';

const hex = (text: string) => Buffer.from(text, 'hex');
const queryId = '000102030405060708090a0b0c0d0e0f';

describe('H, from an input to a point', () => {
  it('is hash_to_ristretto255 of RFC 9380, appendix B, under a tag that holds the query ID', async () => {
    const engine = await chooseEngine();
    const input = Buffer.from('somebody');
    const DST = `anonymesh-psi-v1-${queryId}-ristretto255_XMD:SHA-512_R255MAP_RO_`;
    const right = ristretto255_hasher.hashToCurve(input, { DST }).toBytes();
    expect(Buffer.from(engine.hash(uniformOf(queryId, input)))).toEqual(Buffer.from(right));
  });

  it('gives another 64 bytes for another query, and for another input', () => {
    const other = queryId.replace('0f', '0e');
    const all = [uniformOf(queryId, hex('00')), uniformOf(other, hex('00')), uniformOf(queryId, hex('0000'))];
    expect(all.map((uniform) => uniform.length)).toEqual([64, 64, 64]);
    expect(new Set(all.map((uniform) => Buffer.from(uniform).toString('hex'))).size).toBe(3);
  });
});

describe.each(await enginesHere())('%s on the vectors of RFC 9497, appendix A.1.1', (name) => {
  const domain = Buffer.from('HashToGroup-OPRFV1-\0-ristretto255-SHA512', 'latin1');
  const blind = hex('64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706');
  const skSm = hex('5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e');

  it.each([
    [
      '00',
      '609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c',
      '7ec6578ae5120958eb2db1745758ff379e77cb64fe77b0b2d8cc917ea0869c7e',
    ],
    [
      '5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a',
      'da27ef466870f5f15296299850aa088629945a17d1f5b7f5ff043f76b3c06418',
      'b4cbf5a4f1eeda5a63ce7b77c7d23f461db3fcab0dd28e4e17cecb5c90d02c25',
    ],
  ])('blinds and evaluates the input %s', async (input, blindedElement, evaluationElement) => {
    const engine = await chooseEngine(name);
    const blinded = engine.hashAndMultiply(expandMessage(hex(input), domain, 64), blind);
    expect(Buffer.from(blinded).toString('hex')).toBe(blindedElement);
    expect(Buffer.from(engine.multiply(blinded, skSm)).toString('hex')).toBe(evaluationElement);
  });
});
