import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, type JsMsg, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';

import { startNats } from '../../../../tests/servers/nats.js';
import { type ConnectedParty, ownConsumer } from './connect-party.js';
import { apiRequests, eavesdropping, foreignSubjects, planted, systemRequests } from './fixtures/attacks.js';
import { type SmallMesh, startSmallMesh, type StreamFacts } from './fixtures/small-mesh.js';

/** The permissions of hmrc's user are the inner wall: without them, what stands is the accounts. */
function withoutPermissions(text: string): string {
  const config = JSON.parse(text) as { accounts: { hmrc: { users: { nkey: string; permissions?: object }[] } } };
  for (const user of config.accounts.hmrc.users) delete user.permissions;
  return JSON.stringify(config);
}

/** What was sent before has arrived wherever it can: the control at the end sees its damage after no more than this. */
async function settle(connection: NatsConnection): Promise<void> {
  for (let round = 0; round < 20; round += 1) await connection.flush();
}

/** Those of the subjects on which a request is answered by anything at all, an error included. */
async function answered(connection: NatsConnection, subjects: readonly string[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(
    subjects.map(async (subject) => connection.request(subject, '', { timeout: 1000 })),
  );
  return subjects.filter((_, place) => outcomes[place]?.status === 'fulfilled');
}

describe.each([
  { walls: 'accounts and permissions', rewrite: (config: string): string => config },
  { walls: 'accounts alone', rewrite: withoutPermissions },
])('with hmrc’s key, behind $walls', ({ rewrite }) => {
  let mesh: SmallMesh;
  let hmrc: ConnectedParty;
  let dwp: ConnectedParty;
  let held: JsMsg;
  let before: Record<string, StreamFacts>;
  const strays: string[] = [];

  const statesOfAll = async (): Promise<Record<string, StreamFacts>> =>
    Object.fromEntries(
      await Promise.all(mesh.plan.receivers.map(async ({ stream }) => [stream, await mesh.stateOf(stream)] as const)),
    );

  beforeAll(async () => {
    mesh = await startSmallMesh(rewrite);
    hmrc = await mesh.connect('hmrc');
    dwp = await mesh.connect('dwp');
    const coordinator = await mesh.connect('coordinator');
    for (const text of ['first', 'second', 'third']) {
      await coordinator.jetstream.publish('mesh.lqi.dwp.dispatch', `for dwp: ${text}`);
    }
    await coordinator.jetstream.publish('mesh.lqi.hmrc.dispatch', '');
    await dwp.jetstream.publish('mesh.aggregator.answer', 'by dwp', { msgID: 'by-dwp' });
    const next = await (await ownConsumer(dwp, 'holder')).next({ expires: 5000 });
    if (next === null) throw new Error('dwp got nothing');
    held = next;
    dwp.connection.subscribe('_INBOX_dwp.planted', { callback: (_, { subject }) => void strays.push(subject) });
    before = await statesOfAll();
  });
  afterAll(async () => mesh.stop());

  it('nothing answers to a request of JetStream’s or the system’s', async () => {
    expect(await answered(hmrc.connection, [...apiRequests, ...systemRequests])).toEqual([]);
    expect(await statesOfAll()).toEqual(before);
  });

  it('nothing is sent on a subject that is others’ to send on', async () => {
    expect(await answered(hmrc.connection, foreignSubjects)).toEqual([]);
    for (const subject of foreignSubjects) hmrc.connection.publish(subject, 'forged');
    await settle(hmrc.connection);
    expect(await statesOfAll()).toEqual(before);
  });

  it.each(['', '+ACK', '-NAK', '+WPI', '+TERM', '+NXT'])(
    'dwp’s message cannot be acknowledged with “%s”',
    async (word) => {
      hmrc.connection.publish(acknowledgement(), word);
      await settle(hmrc.connection);
      expect(await statesOfAll()).toEqual(before);
    },
  );

  it('no subscription hears what dwp, the coordinator and the operator say', async () => {
    const heard: string[] = [];
    for (const subject of eavesdropping) {
      const callback = (error: Error | null, message: Msg): void => void (error ?? heard.push(message.subject));
      hmrc.connection.subscribe(subject, { callback });
      hmrc.connection.subscribe(subject, { callback, queue: 'spies' });
    }
    await settle(hmrc.connection);
    const coordinator = await mesh.connect('coordinator');
    coordinator.connection.subscribe('mesh.coordinator.ask', { callback: (_, ask) => void ask.respond('answer') });
    await coordinator.connection.flush();
    const immigration = await mesh.connect('immigration');
    await immigration.connection.request('mesh.coordinator.ask', 'question');
    await coordinator.jetstream.publish('mesh.lqi.dwp.dispatch', 'for dwp: fourth');
    expect((await (await ownConsumer(dwp, 'holder')).next({ expires: 5000 }))?.string()).toBe('for dwp: second');
    await dwp.jetstream.publish('mesh.aggregator.answer', 'by dwp again');
    before = await statesOfAll();
    await settle(hmrc.connection);
    expect(heard).toEqual([]);
  });

  it('its own inbox is what it does hear', async () => {
    const heard: string[] = [];
    hmrc.connection.subscribe('_INBOX_hmrc.>', { callback: (_, { subject }) => void heard.push(subject) });
    await ownConsumer(hmrc, 'holder');
    expect(heard.length).toBeGreaterThan(0);
  });

  it.each([
    {
      carrier: 'CONSUMER.MSG.NEXT',
      subject: 'JS_hmrc.CONSUMER.MSG.NEXT.LQI_hmrc.LQI_hmrc',
      body: '{"batch":9,"no_wait":true}',
    },
    { carrier: 'CONSUMER.INFO', subject: 'JS_hmrc.CONSUMER.INFO.LQI_hmrc.LQI_hmrc', body: '' },
    {
      carrier: 'a next from an acknowledgement',
      subject: '$JS.ACK.LQI_hmrc.LQI_hmrc.1.1.1.1700000000000000000.0',
      body: '+NXT',
    },
    { carrier: 'an answer', subject: 'mesh.aggregator.answer', body: 'an answer' },
  ])('no reply subject planted in $carrier reaches dwp or the mesh', async ({ subject, body }) => {
    for (const reply of planted(acknowledgement())) {
      hmrc.connection.publish(subject, body, { reply });
      hmrc.connection.publish(subject, body, { reply });
    }
    await settle(hmrc.connection);
    await settle(dwp.connection);
    const { LQI_hmrc: own, AGGREGATOR_aggregator: answers, ...others } = await statesOfAll();
    const { LQI_hmrc: ownBefore, AGGREGATOR_aggregator: answersBefore, ...othersBefore } = before;
    expect(others).toEqual(othersBefore);
    expect(own).toMatchObject({ consumers: ownBefore?.consumers, config: ownBefore?.config });
    expect(answers?.messages).toBeGreaterThanOrEqual(answersBefore?.messages ?? Infinity);
    expect(strays).toEqual([]);
  });

  it('no reply subject planted in an ask is where the coordinator’s answer goes', async () => {
    const coordinator = await mesh.connect('coordinator');
    let asked = 0;
    const asks = coordinator.connection.subscribe('mesh.coordinator.ask', {
      callback: (_, ask) => void (asked += ask.respond('') ? 1 : 0),
    });
    await settle(coordinator.connection);
    const immigration = await mesh.connect('immigration');
    const unchanged = await statesOfAll();
    for (const reply of planted(acknowledgement())) {
      immigration.connection.publish('mesh.coordinator.ask', 'question', { reply });
    }
    await settle(immigration.connection);
    await settle(coordinator.connection);
    asks.unsubscribe();
    expect(asked).toBeGreaterThan(0);
    expect(await statesOfAll()).toEqual(unchanged);
    expect(strays).toEqual([]);
  });

  it.each(['all', 'sub'])('a header that rolls up (%s) the aggregator’s stream is refused', async (extent) => {
    const forged = headers();
    forged.set('Nats-Rollup', extent);
    const before = (await mesh.stateOf('AGGREGATOR_aggregator')).messages;
    await expect(hmrc.jetstream.publish('mesh.aggregator.answer', 'x', { headers: forged })).rejects.toThrow(/rollup/);
    expect((await mesh.stateOf('AGGREGATOR_aggregator')).messages).toBe(before);
  });

  it('a message id that dwp has used stops only the forger’s own message', async () => {
    const forged = await hmrc.jetstream.publish('mesh.aggregator.answer', 'forged', { msgID: 'by-dwp' });
    expect(forged.duplicate).toBe(true);
    const aggregator = await mesh.connect('aggregator');
    const first = await (await ownConsumer(aggregator, 'aggregator')).next({ expires: 5000 });
    expect(first?.string()).toBe('by dwp');
  });

  it('dwp still has all of its own, in order', async () => {
    expect(held.string()).toBe('for dwp: first');
    expect(await held.ackAck()).toBe(true);
    const consumer = await ownConsumer(dwp, 'holder');
    for (const text of ['third', 'fourth']) {
      expect((await consumer.next({ expires: 5000 }))?.string()).toBe(`for dwp: ${text}`);
    }
  });

  function acknowledgement(): string {
    const { streamSequence, deliverySequence, timestampNanos, pending } = held.info;
    return `$JS.ACK.LQI_dwp.LQI_dwp.1.${streamSequence}.${deliverySequence}.${timestampNanos}.${pending}`;
  }
});

describe('the same attack in one account for all', () => {
  it('empties another’s stream, although the user may publish on one subject only', async () => {
    const permissions = { publish: { allow: ['mesh.aggregator.answer'] }, subscribe: { allow: ['_INBOX_hmrc.>'] } };
    const nats = await startNats(({ port, storeDir }) => {
      const users = [
        { user: 'operator', password: 'o' },
        { user: 'hmrc', password: 'h', permissions },
      ];
      return JSON.stringify({
        port,
        jetstream: { store_dir: storeDir },
        accounts: { ALL: { jetstream: 'enabled', users } },
      });
    });
    const operator = await connect({ servers: nats.url, user: 'operator', pass: 'o' });
    const manager = await jetstreamManager(operator);
    const retention = RetentionPolicy.Workqueue;
    await manager.streams.add({ name: 'LQI_dwp', subjects: ['mesh.lqi.dwp.dispatch'], retention });
    await manager.streams.add({ name: 'AGGREGATOR', subjects: ['mesh.aggregator.answer'], retention });
    await jetstream(operator).publish('mesh.lqi.dwp.dispatch', 'for dwp');
    const hmrc = await connect({ servers: nats.url, user: 'hmrc', pass: 'h', inboxPrefix: '_INBOX_hmrc' });
    hmrc.publish('mesh.aggregator.answer', '', { reply: '$JS.API.STREAM.PURGE.LQI_dwp' });
    await settle(hmrc);
    expect((await manager.streams.info('LQI_dwp')).state.messages).toBe(0);
    await Promise.all([operator.close(), hmrc.close()]);
    await nats.stop();
  });
});
