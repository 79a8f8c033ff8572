import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCourier, provideNode, receive, type Courier } from '@anonymesh/courier';
import { openApp, openLog, openMetrics, type Closer, type RunningApp } from '@anonymesh/runtime';
import { expect as expectMessage, type SetAgreement } from '@anonymesh/protocol';
import { tokens } from '@anonymesh/protocol-answering';
import type { SignedAgreement } from '@anonymesh/trust';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeParties, type Parties } from '../../../tests/mesh/make-parties.js';
import { until } from '../../../tests/mesh/until.js';
import type { RunningNats } from '../../../tests/servers/nats.js';
import { AggregatorModule, messages } from './aggregator.module.js';
import { holders, sets } from './fixtures/made-children.js';
import { expectSet, tokensFrom } from './fixtures/made-set.js';
import { openRealNode, startBroker, type RealNode } from './fixtures/real-node.js';
import { workOnSets } from './matching/work-on-sets.js';
import { findQuery } from './store/queries.js';

let parties: Parties;
let nats: RunningNats;
let folder: string;
let signed: SignedAgreement<SetAgreement>;
let node: RealNode;
let app: RunningApp;
let working: Closer[];
beforeAll(async () => {
  parties = await makeParties({ holders });
  signed = await parties.agreeOnSets();
  nats = await startBroker(parties, { streams: true });
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-aggregator-'));
  const place = { store: { kind: 'embedded', file: join(folder, 'store.db') }, spool: join(folder, 'spool') } as const;
  node = await openRealNode(parties, nats, { ...place, agreements: [signed] });
  working = await workOnSets(node);
  app = await openApp(
    { module: AggregatorModule, providers: provideNode(node) },
    { listen: { host: '127.0.0.1', port: 0 }, log: node.log, prepare: (opened) => receive(opened, node, messages) },
  );
}, 60_000);
afterAll(async () => {
  await app.close();
  for (const each of working) await each.close();
  await node.close();
  await nats.stop();
  await rm(folder, { recursive: true });
});

async function as<Result>(id: string, effect: (courier: Courier) => Promise<Result>): Promise<Result> {
  const log = openLog({ app: 'spec', to: { write: () => undefined } });
  const brokerSeed = parties.party(id).broker.seed;
  const metrics = openMetrics({ processMetrics: false });
  const courier = await openCourier({ self: parties.self(id), servers: [nats.url], brokerSeed, log, metrics });
  try {
    return await effect(courier);
  } finally {
    await courier.close();
  }
}

describe('the aggregator on a real broker', () => {
  it('matches sets whose letters come over it, though the query is told of after the first of them', async () => {
    const made = await expectSet(parties, signed);
    const { queryId } = made;
    for (const [index, holder] of holders.entries()) {
      if (index === 1)
        await as('coordinator', (courier) =>
          courier.send(expectMessage, { to: 'aggregator', queryId, body: made.letter.body }),
        );
      const letters = await tokensFrom(made, holder, sets[holder] ?? [], { perLetter: 8 });
      await as(holder, async (courier) => {
        for (const { body, attachment, chunk } of letters)
          await courier.send(tokens, { to: 'aggregator', queryId, body, attachment, chunk });
      });
    }
    const { knex } = node.courier.store;
    const query = await until('the query has ended', async () => {
      const found = await findQuery(knex, queryId);
      return found?.state === 'decided' && found;
    });
    const [, payload = ''] = query.outcome?.split('.') ?? [];
    const { body } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(body).toMatchObject({ outcome: 'released', people: 2, answered: 3 });
    await until('everything has left', async () => (await knex('outbox').select('id')).length === 0);
    expect(node.lines.filter((line) => line.includes('failed') || line.includes('refused'))).toEqual([]);
  });
});
