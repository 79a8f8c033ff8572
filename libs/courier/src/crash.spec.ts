import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { progress } from '@anonymesh/protocol';
import { openLog } from '@anonymesh/runtime';
import { openStore } from '@anonymesh/store';
import { randomBytes } from 'node:crypto';
import { until } from '../../../tests/mesh/until.js';
import type { Outgoing } from './backlog.js';
import {
  effectsOf,
  startRealMesh,
  writeDown,
  type Handle,
  type RealMesh,
  type RealNode,
} from './fixtures/real-mesh.js';
import { noTraces } from './tracing/traces.js';
import { openOutbox, type Outbox } from './outbox.js';
import { transact } from './work.js';

let mesh: RealMesh;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  mesh = await startRealMesh();
}, 60_000);
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
afterAll(() => mesh.stop());

const queryId = 'cd'.repeat(16);
const say = (answered: number, to = 'coordinator') => ({ to, queryId, body: { answered } });
const settled = (id = 'coordinator') => until(`${id} has settled all`, async () => (await mesh.waiting(id)) === 0);
const freshPlace = () => mesh.place(randomBytes(6).toString('hex'));
const answeredOf = async (node: RealNode) => (await effectsOf(node)).map(({ answered }) => answered);

async function node(id: string, place = freshPlace(), handle: Handle = writeDown): Promise<RealNode> {
  const opened = await mesh.node(id, place, [progress, handle]);
  open.push(opened);
  return opened;
}

/** A process that dies right after it has committed: the parcels are in its table, and in nobody's memory. */
async function commitAndDie(place: ReturnType<typeof freshPlace>, posts: readonly number[]): Promise<Outgoing[]> {
  const started = await mesh.node('aggregator', place);
  await started.close();
  const store = await openStore(place);
  const lost: Outgoing[] = [];
  const log = openLog({ app: 'spec', to: { write: () => undefined } });
  const courier = await mesh.courier('aggregator');
  const real = openOutbox(store, courier.party.jetstream, log, noTraces);
  const outbox: Outbox = { ...real, committed: (outgoing) => void lost.push(...outgoing) };
  const self = mesh.parties.self('aggregator');
  await transact({ self, store, outbox, log }, async (work) => {
    for (const answered of posts) work.post(progress, say(answered));
  });
  expect(await store.knex('outbox')).toHaveLength(posts.length);
  await real.close();
  await store.close();
  await courier.close();
  return lost;
}

describe('what was committed', () => {
  it('is published by the next process, where the last one died before', async () => {
    const receiver = await node('coordinator');
    const place = freshPlace();
    await commitAndDie(place, [1, 2, 3]);
    expect(await answeredOf(receiver)).toEqual([]);
    const next = await mesh.node('aggregator', place);
    open.push(next);
    await until('all have arrived', async () => (await answeredOf(receiver)).length === 3);
    expect(await answeredOf(receiver)).toEqual([1, 2, 3]);
    await until('the table is empty', async () => (await next.courier.store.knex('outbox')).length === 0);
  });

  it('is dropped by the broker the second time, where the last process had published it', async () => {
    const receiver = await node('coordinator');
    const place = freshPlace();
    const lost = await commitAndDie(place, [4, 5]);
    const sender = await mesh.courier('aggregator');
    const before = await mesh.arrived('coordinator');
    for (const { subject, sealed, id } of lost) await sender.party.jetstream.publish(subject, sealed, { msgID: id });
    const next = await mesh.node('aggregator', place);
    open.push(next, sender);
    await until('the table is empty', async () => (await next.courier.store.knex('outbox')).length === 0);
    await settled();
    expect((await mesh.arrived('coordinator')) - before).toBe(2);
    expect(await answeredOf(receiver)).toEqual([4, 5]);
  });

  it('does not leave before its time, also where another process takes it up', async () => {
    const receiver = await node('coordinator');
    const place = freshPlace();
    const first = await mesh.node('aggregator', place);
    const notBefore = Date.now() + 4000;
    await first.courier.transact(async (work) => {
      work.post(progress, say(7), notBefore);
      work.post(progress, say(6));
    });
    await until('the other one has arrived', async () => (await answeredOf(receiver)).includes(6));
    await first.close();
    expect(Date.now()).toBeLessThan(notBefore);
    open.push(await mesh.node('aggregator', place));
    await until('it has arrived', async () => (await answeredOf(receiver)).includes(7));
    const [, late] = await effectsOf(receiver);
    expect(late?.at).toBeGreaterThanOrEqual(notBefore);
  });

  it('is nothing where the transaction failed', async () => {
    const sender = await mesh.node('aggregator', freshPlace());
    open.push(sender);
    const before = await mesh.arrived('coordinator');
    let done = false;
    const failing = sender.courier.transact(async (work) => {
      work.post(progress, say(8));
      work.afterwards(() => (done = true));
      throw new Error('after all');
    });
    await expect(failing).rejects.toThrow('after all');
    await sender.courier.transact(async (work) => work.post(progress, say(9)));
    await until('the other one has arrived', async () => (await mesh.arrived('coordinator')) > before);
    await until('the table is empty', async () => (await sender.courier.store.knex('outbox')).length === 0);
    expect([(await mesh.arrived('coordinator')) - before, done]).toEqual([1, false]);
    await node('coordinator');
    await settled();
  });

  it('goes to the others where nothing can be sealed to one, which is told', async () => {
    const receiver = await node('coordinator');
    const sender = await mesh.node('aggregator', freshPlace());
    open.push(sender);
    const signed = await sender.courier.transact(async (work) => {
      const { words } = work.post(progress, say(10, 'nobody'));
      work.post(progress, say(11));
      return words;
    });
    await settled();
    expect(await answeredOf(receiver)).toEqual([11]);
    expect(signed.split('.')).toHaveLength(3);
    expect(sender.log.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ event: 'message.not-sealed', message: 'progress', to: 'nobody' }),
    ]);
  });

  it('reaches others though one cannot be reached, however much waits for it', async () => {
    const receiver = await node('coordinator');
    const place = freshPlace();
    const sender = await mesh.node('aggregator', place);
    open.push(sender);
    const stuck = Array.from({ length: 250 }, (_, index) => ({
      id: `stuck-${index}`,
      subject: 'mesh.lqi.nobody.dispatch',
      sealed: Buffer.from('sealed'),
      not_before: 0,
    }));
    await sender.courier.store.knex('outbox').insert(stuck);
    await sender.close();
    open.pop();
    const next = await mesh.node('aggregator', place);
    open.push(next);
    await next.courier.transact(async (work) => work.post(progress, say(10)));
    await until('it has arrived', async () => (await answeredOf(receiver)).includes(10));
    await until('only those are left', async () => (await next.courier.store.knex('outbox')).length === 250);
  });
});

describe('a restart', () => {
  it('of the broker in the middle loses nothing and doubles nothing', async () => {
    const receiver = await node('coordinator');
    const sender = await mesh.node('aggregator', freshPlace());
    open.push(sender);
    const numbers = Array.from({ length: 40 }, (_, index) => index);
    for (const answered of numbers.slice(0, 20))
      await sender.courier.transact(async (work) => work.post(progress, say(answered)));
    await mesh.nats.restart();
    for (const answered of numbers.slice(20))
      await sender.courier.transact(async (work) => work.post(progress, say(answered)));
    await until('all have arrived', async () => (await answeredOf(receiver)).length >= 40);
    await settled();
    expect((await answeredOf(receiver)).sort((a, b) => a - b)).toEqual(numbers);
  });

  it('of the receiver in the middle of its work loses nothing and doubles nothing', async () => {
    const place = freshPlace();
    const sender = await mesh.courier('aggregator');
    open.push(sender);
    const numbers = Array.from({ length: 30 }, (_, index) => index);
    for (const answered of numbers) await sender.send(progress, say(answered));
    let handled = 0;
    let underWay = () => {};
    const halfway = new Promise<void>((resolve) => (underWay = resolve));
    const first = await mesh.node('coordinator', place, [
      progress,
      async (letter, work) => {
        await writeDown(letter, work);
        work.post(progress, say((letter.body as { answered: number }).answered, 'immigration'));
        handled += 1;
        if (handled === 15) underWay();
      },
    ]);
    const before = await mesh.arrived('immigration');
    await halfway;
    await first.close();
    const second = await node('coordinator', place, async (letter, work) => {
      await writeDown(letter, work);
      work.post(progress, say((letter.body as { answered: number }).answered, 'immigration'));
    });
    await until('all are handled', async () => (await answeredOf(second)).length >= 30);
    await settled();
    expect((await answeredOf(second)).sort((a, b) => a - b)).toEqual(numbers);
    await until('all are passed on', async () => (await mesh.arrived('immigration')) - before >= 30);
    expect((await mesh.arrived('immigration')) - before).toBe(30);
  });
});
