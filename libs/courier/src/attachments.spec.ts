// Letters with something big beside them: what of it travels, what of it is refused, and that thousands of them fill
// neither memory nor the outbox.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { dispatch, progress } from '@anonymesh/protocol';
import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '../../../tests/mesh/until.js';
import { chunks, kib, madeChunk, mib, most, writeChunkDown } from './fixtures/chunks.js';
import { effectsOf, startRealMesh, type RealMesh, type RealNode } from './fixtures/real-mesh.js';
import { largestParcel, largestWithAttachment, openParcel, writeParcel } from './parcel.js';

let mesh: RealMesh;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  mesh = await startRealMesh();
}, 60_000);
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});
afterAll(() => mesh.stop());

const freshPlace = () => mesh.place(randomBytes(6).toString('hex'));
const answeredOf = async (node: RealNode) => (await effectsOf(node)).map(({ answered }) => answered);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

async function node(id: string, place = freshPlace()): Promise<RealNode> {
  const opened = await mesh.node(id, place, ...(id === 'coordinator' ? [[chunks, writeChunkDown] as const] : []));
  open.push(opened);
  return opened;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** What parcels take, in MiB: they are outside of the heap. */
const megabytes = () => {
  collectGarbage();
  return process.memoryUsage().arrayBuffers / mib;
};

describe('a parcel with an attachment', () => {
  const self = (id: string) => mesh.parties.self(id);
  const written = (chunk = 3, bytes = 1000) => writeParcel(self('aggregator'), chunks, madeChunk(chunk, bytes));
  const opened = (sealed: Uint8Array, messages = [chunks]) =>
    openParcel(self('coordinator'), sealed, 'mesh.coordinator.progress', { messages, maxAge: 60_000 });

  it('is the sealed letter, a line feed, and the encrypted chunk', async () => {
    const letter = madeChunk(3, 1000);
    const { sealed } = await writeParcel(self('aggregator'), chunks, letter);
    const end = sealed.indexOf('\n');
    expect(sealed.subarray(0, end).toString('latin1')).toMatch(/^[\w-]+(\.[\w-]+){4}$/);
    expect(sealed.length - end - 1).toBe(1000 + 16);
    expect(opened(sealed)).toMatchObject({ attachment: letter.attachment, chunk: 3 });
  });

  it.each<[string, (sealed: Buffer) => Buffer | Promise<Buffer>, string]>([
    ['a flipped bit in its chunk', (sealed) => flip(sealed, sealed.length - 500), 'malformed'],
    ['a flipped bit in its tag', (sealed) => flip(sealed, sealed.length - 1), 'malformed'],
    ['a flipped bit in its letter', (sealed) => flip(sealed, 700), 'malformed'],
    ['its end cut off', (sealed) => sealed.subarray(0, -1), 'malformed'],
    ['its chunk cut off', (sealed) => sealed.subarray(0, sealed.indexOf('\n') + 1), 'malformed'],
    ['its line feed cut off', (sealed) => sealed.subarray(0, sealed.indexOf('\n')), 'malformed'],
    ['bytes after its end', (sealed) => Buffer.concat([sealed, Buffer.of(0)]), 'malformed'],
    ['another line feed', (sealed) => Buffer.concat([Buffer.of(10), sealed]), 'malformed'],
    [
      'the chunk of another',
      async (sealed) => Buffer.concat([letterOf(sealed), chunkOf((await written()).sealed)]),
      'malformed',
    ],
    [
      'the letter of another',
      async (sealed) => Buffer.concat([letterOf((await written()).sealed), chunkOf(sealed)]),
      'malformed',
    ],
    ['a chunk above all bounds', (sealed) => Buffer.concat([sealed, Buffer.alloc(largestWithAttachment)]), 'too-large'],
    ['a letter above all bounds', () => Buffer.alloc(largestParcel + 1, 'A'), 'too-large'],
  ])('is refused with %s', async (_what, change, code) => {
    const { sealed } = await written();
    expect(opened(sealed)).toMatchObject({ chunk: 3 });
    expect(opened(await change(Buffer.from(sealed)))).toBe(code);
  });

  it('is refused where none is declared', async () => {
    const bare = await writeParcel(self('aggregator'), progress, {
      to: 'coordinator',
      queryId: 'cd'.repeat(16),
      body: { answered: 1 },
    });
    expect(opened(bare.sealed, [progress, chunks] as never)).toMatchObject({ body: { answered: 1 } });
    for (const rest of ['\n', '\n\n', `\n${'A'.repeat(100)}`]) {
      const longer = Buffer.concat([bare.sealed, Buffer.from(rest)]);
      expect(opened(longer, [progress, chunks] as never)).toBe('malformed');
      expect(opened(longer, [progress] as never)).toBe('malformed');
    }
    expect(opened(Buffer.alloc(largestParcel + 1), [progress] as never)).toBe('too-large');
  });

  it('of the largest size fits into what the broker takes, and no larger one is written', async () => {
    const { sealed } = await written(0, most);
    expect(sealed.length).toBeLessThan(largestWithAttachment);
    expect(opened(sealed)).toMatchObject({ chunk: 0 });
    await expect(written(0, most + 1)).rejects.toThrow(RangeError);
  });
});

describe('chunks', () => {
  it('arrive whole and once each, many megabytes of them', async () => {
    const [receiver, sender] = [await node('coordinator'), await node('aggregator')];
    for (const chunk of numbers(200)) {
      await sender.courier.hasRoom(chunks, 'coordinator');
      await sender.courier.transact(async (work) => work.post(chunks, madeChunk(chunk)));
    }
    await until('all have arrived', async () => (await effectsOf(receiver)).length >= 200, 60);
    expect((await answeredOf(receiver)).sort((a, b) => a - b)).toEqual(numbers(200));
    expect([receiver.log, sender.log]).toEqual([[], []]);
  }, 120_000);

  it('of the largest size arrive too', async () => {
    const [receiver, sender] = [await node('coordinator'), await node('aggregator')];
    await sender.courier.transact(async (work) => {
      for (const chunk of numbers(20)) work.post(chunks, madeChunk(chunk, most));
    });
    await until('all have arrived', async () => (await effectsOf(receiver)).length >= 20, 60);
    expect((await answeredOf(receiver)).sort((a, b) => a - b)).toEqual(numbers(20));
  }, 90_000);

  it('that wait in the table for the next process are all taken up, though memory has no room for all', async () => {
    const place = freshPlace();
    const first = await mesh.node('aggregator', place);
    const later = Date.now() + 20_000;
    for (const tens of numbers(18)) {
      await first.courier.transact(async (work) => {
        for (const chunk of numbers(10)) work.post(chunks, madeChunk(tens * 10 + chunk), later);
      });
    }
    await first.courier.store.knex('outbox').update({ not_before: 0 });
    await first.close();
    const [receiver, next] = [await node('coordinator'), await node('aggregator', place)];
    await until('all have arrived', async () => (await effectsOf(receiver)).length >= 180, 60);
    expect((await answeredOf(receiver)).sort((a, b) => a - b)).toEqual(numbers(180));
    await until('the table is empty', async () => (await next.courier.store.knex('outbox')).length === 0);
  }, 120_000);
});

describe('where a stream is full', () => {
  it('there is no room for what goes there, and all that goes elsewhere leaves, until it takes again', async () => {
    const place = freshPlace();
    const sender = await node('coordinator', place);
    const before = await mesh.arrived('hmrc');
    const little = megabytes();
    // The stream takes 50 MB, memory holds 32 MiB.
    for (const tens of numbers(40)) {
      await sender.courier.transact(async (work) => {
        for (const chunk of numbers(10)) work.post(chunks, madeChunk(tens * 10 + chunk, 256 * kib, 'immigration'));
      });
    }
    await until('the stream is full', () => sender.log.some((line) => line.includes('outbox.publish-failed')));
    let roomy = false;
    const room = sender.courier.hasRoom(chunks, 'immigration').then(() => (roomy = true));
    await sender.courier.hasRoom(dispatch, 'hmrc');
    const body = { manifest: 'e30.e30.AA', part: 'e30.AA.AA.AA.AA', maskKeys: {} };
    await sender.courier.transact(async (work) => {
      work.post(dispatch, { to: 'hmrc', queryId: 'cd'.repeat(16), body });
    });
    await until('it has left', async () => (await mesh.arrived('hmrc')) > before);
    expect(roomy).toBe(false);
    // 100 MiB were posted, of which half wait in the table; beside these few there is at most a batch that is being tried.
    await until('memory holds a few', () => megabytes() - little < 20);
    const receiver = await mesh.node('immigration', freshPlace(), [chunks, writeChunkDown]);
    open.push(receiver);
    await room;
    await until('all have arrived', async () => (await effectsOf(receiver)).length >= 400, 60);
    expect((await answeredOf(receiver)).sort((a, b) => a - b)).toEqual(numbers(400));
  }, 120_000);

  it('who waits for room is told when the courier is closed', async () => {
    const sender = await mesh.node('coordinator', freshPlace());
    const later = Date.now() + 30_000;
    await sender.courier.transact(async (work) => {
      for (const chunk of numbers(70)) work.post(chunks, madeChunk(chunk, 256 * kib, 'immigration'), later);
    });
    const waiting = expect(sender.courier.hasRoom()).rejects.toThrow('closed');
    await sender.close();
    await waiting;
  });
});

function flip(bytes: Buffer, place: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
  return bytes;
}
const letterOf = (sealed: Buffer) => sealed.subarray(0, sealed.indexOf('\n') + 1);
const chunkOf = (sealed: Buffer) => sealed.subarray(sealed.indexOf('\n') + 1);
