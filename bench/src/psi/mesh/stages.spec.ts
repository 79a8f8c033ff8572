import { describe, expect, it } from '@jest/globals';
import { dataOfEvents } from './events.js';
import { stageSeconds } from './stages.js';

const at = (at: number, stage: string) => ({ at, data: { progress: { stage, percent: 1 } } });

describe('the stages of a query', () => {
  it('last until the next one is heard of, and the last one until the end', () => {
    const seen = [at(1_000, 'reading'), at(1_500, 'reading'), at(3_000, 'exchanging'), at(7_000, 'combining')];
    expect(stageSeconds(seen, { began: 500, ended: 7_250 })).toEqual({ reading: 2.5, exchanging: 4, combining: 0.25 });
  });

  it('do not begin again when an older one is told of late', () => {
    const seen = [at(0, 'reading'), at(1_000, 'exchanging'), at(1_100, 'reading'), at(2_000, 'exchanging')];
    expect(stageSeconds(seen, { began: 0, ended: 3_000 })).toEqual({ reading: 1, exchanging: 2 });
  });

  it('are none where nothing was told of any', () => {
    const seen = [null, 'text', {}, { progress: null }, { progress: { stage: 7 } }].map((data) => ({ at: 1, data }));
    expect(stageSeconds(seen, { began: 0, ended: 2 })).toEqual({});
  });
});

describe('events', () => {
  const read = async (...pieces: (string | Uint8Array)[]) => {
    const stream = async function* () {
      for (const piece of pieces) yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
    };
    const events: unknown[] = [];
    for await (const data of dataOfEvents(stream())) events.push(data);
    return events;
  };

  it('are read wherever the stream is cut, also within a letter', async () => {
    const bytes = new TextEncoder().encode('event: progress\ndata: {"a":"é"}\n\ndata: {"b":2}\n\n');
    const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(await read(...pieces)).toEqual([{ a: 'é' }, { b: 2 }]);
  });

  it('leave out comments, and what was cut off at the end', async () => {
    expect(await read(': still here\n\ndata: 1\n\nid: 3\n\ndata: {"cut":')).toEqual([1]);
  });

  it('join the lines of one event', async () => {
    expect(await read('data: [1,\ndata: 2]\n\n')).toEqual([[1, 2]]);
  });

  it('are refused where they are no JSON', async () => {
    await expect(read('data: {\n\n')).rejects.toThrow(SyntaxError);
  });
});
