import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JetStreamError } from '@nats-io/jetstream';
import { createUser } from '@nats-io/nkeys';

import { hops } from '../../../../boundaries.mjs';
import { fillSubject, streamOf } from './broker-names.js';
import { type ConnectedParty, connectParty, type OwnConsumer, ownConsumer } from './connect-party.js';
import { kindOf, members, seedOf, type SmallMesh, startSmallMesh } from './fixtures/small-mesh.js';
import { provision } from './provision.js';

let mesh: SmallMesh;
const parties = new Map<string, ConnectedParty>();

function party(id: string): ConnectedParty {
  const found = parties.get(id);
  if (found === undefined) throw new Error(`${id} is not connected`);
  return found;
}

beforeAll(async () => {
  mesh = await startSmallMesh();
  for (const { id } of members) parties.set(id, await mesh.connect(id));
});
afterAll(async () => mesh.stop());

const routes = hops.flatMap((hop) =>
  members
    .filter((member) => member.kind === hop.to)
    .flatMap((receiver) =>
      members
        .filter((member) => member.kind === hop.from && member.id !== receiver.id)
        .map((sender) => ({ ...hop, subject: fillSubject(hop.subject, receiver.id), sender, receiver })),
    ),
);

async function receive(id: string): Promise<string> {
  const consumer = await ownConsumer(party(id), kindOf(id));
  const message = await consumer.next({ expires: 5000 });
  if (message === null) throw new Error(`nothing for ${id}`);
  expect(await message.ackAck()).toBe(true);
  return message.string();
}

/** As a party's loop does: batch after batch. A batch that was open when the broker went away ends with an error. */
async function read(consumer: OwnConsumer, count: number): Promise<string[]> {
  const heard: string[] = [];
  for (const deadline = Date.now() + 15_000; heard.length < count && Date.now() < deadline;) {
    try {
      for await (const message of await consumer.fetch({ max_messages: count - heard.length, expires: 1000 })) {
        heard.push(message.string());
        message.ack();
      }
    } catch (error) {
      if (!(error instanceof JetStreamError)) throw error;
    }
  }
  return heard;
}

describe('on the broker', () => {
  it.each(routes.filter((route) => route.carried === 'stream'))(
    '$message goes from $sender.id to $receiver.id, is acknowledged to the one and by the other',
    async ({ message, subject, sender, receiver }) => {
      const text = `${message} from ${sender.id}`;
      const kept = await party(sender.id).jetstream.publish(subject, text);
      expect(kept.stream).toBe(streamOf(receiver.kind, receiver.id));
      expect(await receive(receiver.id)).toBe(text);
      expect((await mesh.stateOf(kept.stream)).messages).toBe(0);
    },
  );

  it.each(routes.filter((route) => route.carried === 'reply'))(
    '$message is answered by $receiver.id when $sender.id asks',
    async ({ subject, sender, receiver }) => {
      const asked = party(receiver.id).connection.subscribe(subject, {
        max: 1,
        callback: (_, request) => void request.respond(`answer to ${request.string()}`),
      });
      await party(receiver.id).connection.flush();
      const reply = await party(sender.id).connection.request(subject, 'question', { timeout: 5000 });
      expect(reply.string()).toBe('answer to question');
      asked.unsubscribe();
    },
  );

  it('a message published again under its id is kept once', async () => {
    const { jetstream } = party('coordinator');
    const first = await jetstream.publish('mesh.lqi.council.dispatch', 'once', { msgID: 'a1' });
    const again = await jetstream.publish('mesh.lqi.council.dispatch', 'once', { msgID: 'a1' });
    expect([first.duplicate, again.duplicate, again.seq]).toEqual([false, true, first.seq]);
    expect(await receive('council')).toBe('once');
    expect((await mesh.stateOf('LQI_council')).messages).toBe(0);
  });

  it('messages come in the order in which they were sent', async () => {
    const sent = Array.from({ length: 50 }, (_, count) => String(count));
    for (const text of sent) await party('coordinator').jetstream.publish('mesh.lqi.council.dispatch', text);
    expect(await read(await ownConsumer(party('council'), 'holder'), 50)).toEqual(sent);
  });

  it('provisioning again changes nothing, and loses nothing', async () => {
    await party('coordinator').jetstream.publish('mesh.lqi.council.dispatch', 'still here');
    const before = await mesh.stateOf('LQI_council');
    await mesh.provision();
    expect(await mesh.stateOf('LQI_council')).toEqual(before);
    expect(await receive('council')).toBe('still here');
  });

  it('provisioning brings an older stream up to date', async () => {
    const plan = {
      ...mesh.plan,
      receivers: mesh.plan.receivers.map((receiver) => ({ ...receiver, maxBytes: 9_000_000 })),
    };
    await mesh.provision({ plan, maxAgeHours: 1 });
    expect((await mesh.stateOf('LQI_council')).config).toMatchObject({
      max_bytes: 9_000_000,
      max_age: 3_600_000_000_000,
    });
    await mesh.provision();
    expect((await mesh.stateOf('LQI_council')).config).toMatchObject({
      max_bytes: 100_000_000,
      retention: 'workqueue',
    });
  });

  it('a full stream refuses what comes, and keeps what it has', async () => {
    const plan = { ...mesh.plan, receivers: mesh.plan.receivers.map((receiver) => ({ ...receiver, maxBytes: 5000 })) };
    await mesh.provision({ plan });
    const { jetstream } = party('coordinator');
    await jetstream.publish('mesh.lqi.council.dispatch', 'a'.repeat(3000));
    await expect(jetstream.publish('mesh.lqi.council.dispatch', 'b'.repeat(3000))).rejects.toThrow(/maximum bytes/);
    await mesh.provision();
    expect(await receive('council')).toBe('a'.repeat(3000));
  });

  it('what was not acknowledged comes again after the broker was killed, and so does what nobody had fetched', async () => {
    await mesh.provision({ ackWaitSeconds: 1 });
    await party('coordinator').jetstream.publish('mesh.lqi.hmrc.dispatch', 'fetched');
    await party('coordinator').jetstream.publish('mesh.lqi.hmrc.dispatch', 'waiting');
    const consumer = await ownConsumer(party('hmrc'), 'holder');
    const fetched = await consumer.next({ expires: 5000 });
    expect(fetched?.string()).toBe('fetched');
    await mesh.nats.restart();
    expect((await read(consumer, 2)).sort()).toEqual(['fetched', 'waiting']);
  });

  it('a reader that was waiting when the broker was killed goes on by itself', async () => {
    // A connection of its own: the other may still be on its way back from the test before.
    const consumer = await ownConsumer(await mesh.connect('dwp'), 'holder');
    const reading = read(consumer, 1);
    await mesh.nats.restart();
    const coordinator = await mesh.connect('coordinator');
    await coordinator.jetstream.publish('mesh.lqi.dwp.dispatch', 'after the crash');
    expect(await reading).toEqual(['after the crash']);
  });

  it('nobody sends to itself, nor to all of a kind at once, although its right names them all', async () => {
    const { jetstream, connection } = await mesh.connect('hmrc');
    const streams = () => Promise.all(mesh.plan.receivers.map(({ stream }) => mesh.stateOf(stream)));
    const before = await streams();
    await expect(jetstream.publish('mesh.lqi.hmrc.exchange', 'to myself', { timeout: 1000 })).rejects.toThrow();
    for (const subject of ['mesh.lqi.*.exchange', 'mesh.lqi.>', 'mesh.lqi.*.dispatch'])
      connection.publish(subject, 'to all');
    await connection.flush();
    expect(await streams()).toEqual(before);
  });

  it('a key that is in no account is refused, not kept waiting', async () => {
    const stranger = createUser().getSeed();
    await expect(connectParty({ servers: mesh.nats.url, seed: stranger, id: 'hmrc' })).rejects.toThrow(
      /Authorization/i,
    );
  });

  it('a party’s key cannot provision', async () => {
    await expect(provision({ servers: mesh.nats.url, seed: seedOf('hmrc'), plan: mesh.plan })).rejects.toThrow();
  });
});
