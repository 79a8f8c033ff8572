import { describe, expect, it } from '@jest/globals';
import { tokenShape, uniformOf } from '@anonymesh/psi';
import { agreed } from '../sample.js';
import { chunksOf, type ListChunk } from './chunks.js';

const query = 'ab'.repeat(16);
const terms = agreed('on-match');
const shape = tokenShape({ ...terms, keys: [...terms.keys, ...terms.keys] });

async function* inputs(count: number) {
  for (let index = 0; index < count; index++) yield [Buffer.from(`first ${index}`), undefined];
}

async function all(records: number, given = records): Promise<ListChunk[]> {
  const chunks: ListChunk[] = [];
  for await (const chunk of chunksOf(query, shape, { records, inputs: inputs(given) })) chunks.push(chunk);
  return chunks;
}

describe('a list in chunks', () => {
  it('is padded to its bucket, with as many whole records in every chunk but the last as fit', async () => {
    const chunks = await all(5_000);
    expect(chunks.map(({ first, count }) => [first, count])).toEqual([
      [0, 2_047],
      [2_047, 2_047],
      [4_094, 1_026],
    ]);
    for (const { count, uniform, records, dummies } of chunks) {
      expect(uniform).toHaveLength(count * 2 * 64);
      expect(records).toHaveLength(count * 512);
      expect(dummies).toHaveLength(count);
    }
    expect(chunks.flatMap(({ dummies }) => [...dummies]).filter((dummy) => dummy === 0)).toHaveLength(5_000);
  });

  it('has the point of every key, and a random one where there is none', async () => {
    const [chunk] = await all(3);
    const [again] = await all(3);
    const at = (place: number, of = chunk) => of!.uniform.subarray(place * 64, (place + 1) * 64);
    expect(at(2)).toEqual(Buffer.from(uniformOf(query, Buffer.from('first 1'))));
    expect(at(2)).toEqual(at(2, again));
    expect(at(3)).not.toEqual(at(3, again));
    expect(at(30)).not.toEqual(at(30, again));
    expect(JSON.parse(chunk!.records.toString('utf8', 512, 1_024))).toEqual({ position: 1 });
  });

  it.each([
    [10, 9],
    [10, 11],
    [16, 17],
  ])('is refused where %p records were told of and %p came', async (records, given) => {
    await expect(all(records, given)).rejects.toThrow(`not ${records} records`);
  });
});
