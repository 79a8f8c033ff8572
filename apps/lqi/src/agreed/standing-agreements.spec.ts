import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger, standingTables, type Ledger } from '@anonymesh/standing';
import { migrate, openStore, type Store } from '@anonymesh/store';
import { aliveNotice, statusOf } from '../../../../tests/mesh/statuses.js';
import { faultWords } from '../console/agreements/fault-words.js';
import { makeLqiMesh, type LqiMesh } from '../fixtures/made-dispatch.js';
import { agreementViewOf } from './agreement-view.js';
import { standingAgreements } from './standing-agreements.js';

let folder: string;
let store: Store;
let mesh: LqiMesh;
let standing: Ledger;
beforeEach(async () => {
  mesh = await makeLqiMesh();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-standing-'));
  store = await openStore({ kind: 'embedded', file: join(folder, 'store.db') });
  await migrate(store, standingTables);
  const agreements = new Map([[mesh.agreement.hash, mesh.agreement]]);
  standing = await openLedger(store.knex, 'hmrc', mesh.parties.directory, agreements);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const look = async (now = Date.now()) => {
  const node = { standing, courier: { store } } as unknown as Parameters<typeof standingAgreements>[0]['node'];
  const [own] = await standingAgreements({ node, holder: mesh.holder('hmrc', mesh.agreement) }, now);
  if (own === undefined) throw new Error('it names hmrc');
  return { faults: own.faults, words: faultWords(own), view: agreementViewOf(own) };
};
const learn = async (statuses: readonly string[]) => {
  const alive = await aliveNotice(mesh.parties, mesh.agreement);
  return store.knex.transaction((transaction) => standing.take(transaction, { ...alive, statuses: [...statuses] }));
};

describe('a holder’s agreement', () => {
  it('names whose word is missing, until it is there, and again once it has run out', async () => {
    const { statuses } = await aliveNotice(mesh.parties, mesh.agreement);
    await learn(statuses.slice(1));
    const first = mesh.agreement.content.parties[0]?.name;
    const waiting = await look();
    expect(waiting.faults).toEqual(['waiting']);
    expect(waiting.words).toEqual([`It is waiting for the node of ${first} to say that it is in force.`]);
    expect(waiting.view).toMatchObject({ faults: ['waiting'], inWords: expect.stringContaining(String(first)) });
    await learn(statuses);
    expect(await look()).toMatchObject({ faults: [], words: [], view: { inWords: 'in force until 2036-01-01' } });
    expect((await look(Date.now() + 25 * 3_600_000)).words[0]).toMatch(/^It is waiting for the nodes of /);
  });

  it('names who has withdrawn', async () => {
    await learn([await statusOf(mesh.parties, 'dwp', mesh.agreement.hash, { state: 'withdrawn' })]);
    expect(await look()).toMatchObject({ faults: ['withdrawn'], words: ['It is withdrawn by The dwp.'] });
  });
});
