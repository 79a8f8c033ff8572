import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '@anonymesh/runtime';
import { openLedger, standingTables } from '@anonymesh/standing';
import { migrate, openStore, type Store } from '@anonymesh/store';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { statusOf } from '../../../../tests/mesh/statuses.js';
import type { Work } from '../work.js';
import { openRounds } from './standing-round.js';

let parties: Parties;
let place: string;
let store: Store;
beforeAll(async () => {
  parties = await makeParties();
  place = await mkdtemp(join(tmpdir(), 'anonymesh-rounds-'));
  store = await openStore({ kind: 'embedded', file: join(place, 'store.db') });
  await migrate(store, standingTables);
});
afterAll(async () => {
  await store.close();
  await rm(place, { recursive: true });
});

it('a withdrawal counts at a node that can sign nothing, and is told once it can', async () => {
  const { hash, content, signatures } = parties.agreement;
  const trust = { directory: parties.directory, agreements: new Map([[hash, parties.agreement]]) };
  const standing = await openLedger(store.knex, 'hmrc', parties.directory, trust.agreements);
  const log = openLog({ app: 'spec', to: { write: () => undefined } });
  const told = new Set<string>();
  let canSign = false;
  const post: Work['post'] = (_message, { to }) => {
    if (!canSign) throw new Error('the key was revoked');
    told.add(to);
    return { words: Promise.resolve('') };
  };
  const nothing = () => undefined;
  const transact = <Result>(effect: (work: Work) => Promise<Result>) =>
    store.knex.transaction((transaction) =>
      effect({ transaction, post, enter: nothing, atEnd: nothing, afterwards: nothing }),
    );
  const folder = join(place, 'agreements');
  await mkdir(folder);
  await writeFile(join(folder, 'one.yaml'), JSON.stringify(content));
  await writeFile(join(folder, 'one.signatures.json'), JSON.stringify(signatures));
  const withdrawal = await statusOf(parties, 'hmrc', hash, { state: 'withdrawn' });
  await writeFile(join(folder, 'one.withdrawn.json'), JSON.stringify([withdrawal]));
  const courier = { self: parties.self('hmrc'), store, transact };
  const round = openRounds({ courier, log, trust, standing }, { folder, renewEvery: 1000, goodFor: 60_000 });

  await expect(round()).rejects.toThrow('the key was revoked');
  const known = await standing.standings(store.knex, [hash], Date.now());
  expect(known.get(hash)).toEqual({ standing: 'withdrawn', by: ['hmrc'] });
  canSign = true;
  await round();
  const others = content.parties.map(({ id }) => id).filter((id) => id !== 'hmrc');
  expect([...told].sort()).toEqual(others.sort());
});
