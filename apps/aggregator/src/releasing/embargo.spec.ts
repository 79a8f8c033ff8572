import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { expectQuery } from '../fixtures/made-letters.js';
import { startBroker } from '../fixtures/real-node.js';
import { openSetDesk, type SetDesk } from '../fixtures/set-desk.js';
import { ExplainController } from './explain.controller.js';

let parties: Parties;
let nats: RunningNats;
let folder: string;
let desk: SetDesk;
beforeAll(async () => {
  parties = await makeParties({ change: { tellsSubject: { concerns: true, afterSeconds: 3600 } } });
  nats = await startBroker(parties);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-aggregator-'));
  const place = { store: { kind: 'embedded', file: join(folder, 'store.db') }, spool: join(folder, 'spool') } as const;
  desk = await openSetDesk(parties, nats, { ...place, agreements: [] });
}, 60_000);
afterAll(async () => {
  await desk.close();
  await nats.stop();
  await rm(folder, { recursive: true });
});

it('a decided query is not explained before the embargo of its agreement is over, and is then', async () => {
  const made = await expectQuery(parties);
  await desk.take(made.letter);
  const { courier } = desk.node;
  const query = () => courier.store.knex('queries').where({ id: made.queryId });
  await query().update({ state: 'decided', outcome: 'signed' });
  const { id, kind, identity } = parties.party('appeal-portal');
  const letter = { queryId: made.queryId, from: { id, kind, identity: identity.kid } };
  const explain = () => courier.transact((work) => new ExplainController(desk.node).explain(letter as never, work));
  await expect(explain()).rejects.toMatchObject({ code: 'not-decided' });
  await query().update({ due: Date.now() - 3_600_000 + 60_000 });
  await expect(explain()).rejects.toMatchObject({ code: 'not-decided' });
  await query().update({ due: Date.now() - 3_600_000 });
  expect(await explain()).toMatchObject({ outcome: 'signed' });
});
