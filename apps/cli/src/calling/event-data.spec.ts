import { describe, expect, it } from '@jest/globals';
import { eventData } from './event-data.js';

async function dataOf(pieces: Iterable<Uint8Array>): Promise<string[]> {
  const source = async function* () {
    yield* pieces;
  };
  const all = [];
  for await (const data of eventData(source())) all.push(data);
  return all;
}

const stream = ': open\n\nid: 1\nevent: progress\ndata: {"é":1}\n\n: alive\n\ndata:a\ndata:  b\n\ndata: never ended\n';
const wanted = ['{"é":1}', 'a\n b'];

describe('the data of events', () => {
  it('is the same however the stream is cut, and whichever line breaks it has', async () => {
    for (const text of [stream, stream.replaceAll('\n', '\r\n')]) {
      const bytes = Buffer.from(text);
      for (const size of [1, 2, 3, 7, bytes.length]) {
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        expect(await dataOf(pieces)).toEqual(wanted);
      }
    }
  });

  it.each([
    ['a line', 'data: x'],
    ['an event', 'data: x\n'],
  ])('does not wait for the end of %s that has none', async (_what, text) => {
    await expect(dataOf([Buffer.from(text.repeat(20_000))])).rejects.toThrow('does not end');
  });
});
