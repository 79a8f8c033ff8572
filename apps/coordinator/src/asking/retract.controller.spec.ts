import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openLetter, retract, signLetter, type BodyOf, type Opened } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeRetraction } from '../../../../tests/mesh/compose-retraction.js';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { makeAsk, type AskOptions } from '../fixtures/made-ask.js';
import { openRealNode, startBroker, type RealNode } from '../fixtures/real-node.js';
import { AskController } from './ask.controller.js';
import { RetractController } from './retract.controller.js';

let parties: Parties;
let nats: RunningNats;
let folder: string;
let node: RealNode;
let limited: SignedAgreement;
beforeAll(async () => {
  parties = await makeParties({ requesters: ['immigration', 'childrens-services'] });
  limited = await parties.agree({ version: 2, limits: { perRequester: { most: 2, withinSeconds: 3600 } } });
  nats = await startBroker(parties);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-coordinator-'));
  node = await openRealNode(parties, nats, join(folder, 'store.db'), [parties.agreement, limited]);
}, 60_000);
afterAll(async () => {
  await node.close();
  await nats.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  for (const table of ['queries', 'uses', 'outbox']) await node.courier.store.knex(table).delete();
});

/** A query, and its taking back, as they reach the coordinator; nothing of it was sent yet. */
async function asked(options: AskOptions = {}) {
  const { body, queryId, sender } = await makeAsk(parties, options);
  const { signing, identity } = parties.party(sender);
  const from = { id: sender, kind: 'requester', identity: identity.kid } as const;
  const letter = {
    from: sender,
    to: 'coordinator',
    ...(await composeRetraction(body.manifest, { id: sender, signing })),
  };
  const { text } = await signLetter(retract, letter, signing);
  const now = Date.now();
  const opened = openLetter(text, {
    messages: [retract],
    self: { id: 'coordinator', kind: 'coordinator' },
    signer: (kid) => parties.directory.signer(kid, now),
    now,
    maxAge: 60_000,
  });
  if (typeof opened === 'string') throw new Error(`the letter is ${opened}`);
  const controllers = { ask: new AskController(node), retract: new RetractController(node) };
  return {
    ask: () => node.courier.transact((work) => controllers.ask.admit({ body, queryId, from } as never, work)),
    takeBack: () =>
      node.courier.transact((work) => controllers.retract.take(opened as Opened<BodyOf<typeof retract>>, work)),
  };
}

const posted = () => node.courier.store.knex('outbox').pluck<string[]>('subject');

describe('a query that is taken back before it was asked', () => {
  it('is known, told to the aggregator alone, and split no more when it is asked', async () => {
    const { ask, takeBack } = await asked();
    await takeBack();
    expect(await posted()).toEqual(['mesh.aggregator.retract']);
    expect(await ask()).toEqual({ admitted: true });
    expect(await posted()).toEqual(['mesh.aggregator.retract']);
  });

  it('counts as asked: there are no more of them than an agreement lets its requester ask', async () => {
    const [one, other, third] = [
      await asked({ agreement: limited }),
      await asked({ agreement: limited }),
      await asked({ agreement: limited }),
    ];
    await one.takeBack();
    await one.takeBack();
    await other.takeBack();
    await expect(third.takeBack()).rejects.toMatchObject({ code: 'requester-limit' });
    expect(await node.courier.store.knex('queries')).toHaveLength(2);
    expect(await posted()).toHaveLength(2);
    await expect(third.ask()).rejects.toMatchObject({ code: 'requester-limit' });
    expect(await other.ask()).toEqual({ admitted: true });
  });

  it('counts once, whether it was asked before or is asked afterwards', async () => {
    const [one, other] = [await asked({ agreement: limited }), await asked({ agreement: limited })];
    await one.ask();
    await one.takeBack();
    await other.takeBack();
    await other.ask();
    expect(await node.courier.store.knex('uses')).toHaveLength(2);
  });

  it('is not known where its requester may not ask so', async () => {
    const { takeBack } = await asked({ manifest: { role: 'minister' } });
    await expect(takeBack()).rejects.toMatchObject({ code: 'role-not-allowed' });
    expect(await node.courier.store.knex('queries')).toEqual([]);
    expect(await posted()).toEqual([]);
  });
});
