import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { progress } from '@anonymesh/protocol';
import { randomBytes } from 'node:crypto';
import { until } from '../../../tests/mesh/until.js';
import { effectsOf, startRealMesh, writeDown, type Handle, type RealMesh } from './fixtures/real-mesh.js';
import { Elsewhere, NotYet } from './not-yet.js';
import { writeParcel } from './parcel.js';

let mesh: RealMesh;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  mesh = await startRealMesh();
}, 60_000);
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});
afterAll(() => mesh.stop());

const say = (answered: number) => ({ to: 'coordinator', queryId: 'ab'.repeat(16), body: { answered } });
const numberOf: (letter: Parameters<Handle>[0]) => number = ({ body }) => (body as { answered: number }).answered;
const settled = () => until('all is settled', async () => (await mesh.waiting('coordinator')) === 0);

async function sends(numbers: readonly number[]) {
  const sender = await mesh.courier('aggregator');
  open.push(sender);
  await Promise.all(numbers.map((answered) => sender.send(progress, say(answered))));
}

async function receives(handle: Handle) {
  const node = await mesh.node('coordinator', mesh.place(randomBytes(6).toString('hex')), [progress, handle]);
  open.push(node);
  return node;
}

describe('a letter that comes before another that it needs', () => {
  it('comes again once that has had its effect, and has its own once, without a fault', async () => {
    await sends([1]);
    const node = await receives(async (letter, work) => {
      const needed = await work.transaction('effects').where('answered', 0).first('place');
      if (numberOf(letter) !== 0 && needed === undefined) throw new NotYet();
      await writeDown(letter, work);
    });
    await until('it was handled', async () => (await mesh.waiting('coordinator')) === 1);
    expect(await effectsOf(node)).toEqual([]);
    await sends([0]);
    await settled();
    expect((await effectsOf(node)).map(({ answered }) => answered)).toEqual([0, 1]);
    expect(node.log).toEqual([]);
  });

  it('does not hold up the others of its batch, and they are handled once, in one transaction', async () => {
    const early = new Set([3, 5]);
    const handled: number[] = [];
    const transactions = new Set<unknown>();
    await sends([1, 2, 3, 4, 5, 6]);
    const node = await receives(async (letter, work) => {
      const answered = numberOf(letter);
      handled.push(answered);
      if (early.delete(answered)) throw new NotYet();
      if (handled.length <= 6) transactions.add(work.transaction);
      await writeDown(letter, work);
    });
    await settled();
    expect((await effectsOf(node)).map(({ answered }) => answered).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(handled.filter((each) => each !== 3 && each !== 5).sort()).toEqual([1, 2, 4, 6]);
    expect(handled.filter((each) => each === 3 || each === 5).sort()).toEqual([3, 3, 5, 5]);
    expect(transactions.size).toBeLessThan(4);
    expect(node.log).toEqual([]);
  });

  it('waits longer each time that it is still too early', async () => {
    const tries: number[] = [];
    await sends([1]);
    await receives(async () => {
      tries.push(Date.now());
      if (tries.length < 4) throw new NotYet();
    });
    await settled();
    const [first = 0, second = 0, third = 0, fourth = 0] = tries;
    expect(second - first).toBeGreaterThanOrEqual(450);
    expect(third - second).toBeGreaterThanOrEqual(950);
    expect(fourth - third).toBeGreaterThanOrEqual(1950);
    expect(tries).toHaveLength(4);
  });

  it('is not lost where the broker delivered it twice at once', async () => {
    let tries = 0;
    const { subject, sealed } = await writeParcel(mesh.parties.self('aggregator'), progress, say(7));
    const sender = await mesh.courier('aggregator');
    open.push(sender);
    await Promise.all([sealed, sealed].map((each) => sender.party.jetstream.publish(subject, each)));
    const node = await receives(async (letter, work) => {
      tries += 1;
      if (tries === 1) throw new NotYet();
      await writeDown(letter, work);
    });
    await until('both copies were handled', () => tries >= 1);
    await settled();
    expect(await effectsOf(node)).toMatchObject([{ answered: 7 }]);
  });

  it('is refused where its sender has too many of them, so that others are heard', async () => {
    const sender = await mesh.courier('aggregator');
    open.push(sender);
    const numbers = Array.from({ length: 140 }, (_, place) => place % 64);
    for (const answered of numbers) await sender.send(progress, say(answered));
    let isTime = false;
    const node = await receives(async (letter, work) => {
      if (!isTime) throw new NotYet();
      await writeDown(letter, work);
    });
    await until('the others were refused', async () => (await mesh.waiting('coordinator')) === 128);
    const logged = node.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(logged.map(({ event, code }) => `${String(event)} ${String(code)}`)).toEqual(
      Array.from({ length: 12 }, () => 'message.refused unavailable'),
    );
    isTime = true;
    await settled();
    expect(await effectsOf(node)).toHaveLength(128);
  });
});

describe('a letter that another copy of its receiver must take', () => {
  it('comes again until it comes there, however many there are of its sender', async () => {
    const sender = await mesh.courier('aggregator');
    open.push(sender);
    for (let place = 0; place < 140; place += 1) await sender.send(progress, say(place % 64));
    let isThere = false;
    const tried = new Set<string>();
    const node = await receives(async (letter, work) => {
      tried.add(letter.id);
      if (!isThere) throw new Elsewhere();
      await writeDown(letter, work);
    });
    await until('all have come', () => tried.size === 140);
    expect([await mesh.waiting('coordinator'), node.log]).toEqual([140, []]);
    isThere = true;
    await settled();
    expect(await effectsOf(node)).toHaveLength(140);
  });
});
