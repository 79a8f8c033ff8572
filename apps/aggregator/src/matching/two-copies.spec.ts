import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { retract, type SetAgreement } from '@anonymesh/protocol';
import { Elsewhere } from '@anonymesh/courier';
import type { SignedAgreement } from '@anonymesh/trust';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { composeRetraction } from '../../../../tests/mesh/compose-retraction.js';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { until } from '../../../../tests/mesh/until.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { holders, notes, sets } from '../fixtures/made-children.js';
import { deliver } from '../fixtures/made-letters.js';
import { expectSet, tokensFrom, type MadeSetQuery, type TokensLetter } from '../fixtures/made-set.js';
import { startBroker } from '../fixtures/real-node.js';
import { openSetDesk, type SetDesk } from '../fixtures/set-desk.js';
import { findQuery } from '../store/queries.js';
import { workOnSets } from './work-on-sets.js';

let parties: Parties;
let nats: RunningNats;
let postgres: PrivatePostgres;
let all: string;
let signed: SignedAgreement<SetAgreement>;
let soon: SignedAgreement<SetAgreement>;
beforeAll(async () => {
  parties = await makeParties({ holders });
  [nats, postgres] = await Promise.all([startBroker(parties), startPostgres()]);
  all = await mkdtemp(join(tmpdir(), 'anonymesh-aggregator-'));
  const limits = { records: { most: 1000 }, matches: { least: 0, most: 500 } };
  signed = await parties.agreeOnSets({ release: 'on-match', limits });
  soon = await parties.agreeOnSets({ release: 'on-match', limits, deadlineSeconds: 10, version: 2 });
}, 60_000);
afterAll(async () => {
  await Promise.all([nats.stop(), postgres.stop()]);
  await rm(all, { recursive: true });
});

let folder: string;
let one: SetDesk;
let other: SetDesk;
beforeEach(async () => {
  folder = join(all, randomUUID());
  const copy = (name: string) =>
    openSetDesk(parties, nats, {
      store: { kind: 'postgres', url: postgres.url },
      spool: join(folder, name),
      agreements: [signed, soon],
    });
  [one, other] = [await copy('one'), await copy('other')];
  await one.node.courier.store.knex('outbox').delete();
});
afterEach(async () => {
  await Promise.all([one.close(), other.close()]);
});

const spooled = async (name: string) => (await readdir(join(folder, name))).filter((each) => each !== 'keeper');

async function lettersOf(made: MadeSetQuery): Promise<TokensLetter[]> {
  const letters = holders.map((holder) => tokensFrom(made, holder, sets[holder] ?? [], { perLetter: 8 }));
  return (await Promise.all(letters)).flat();
}

/** As the broker hands them out: each to one or the other, and to another when it is given back. */
async function share(letters: readonly TokensLetter[]): Promise<number> {
  let givenBack = 0;
  const [first, ...others] = letters as [TokensLetter, ...TokensLetter[]];
  await one.take(first);
  for (const [index, letter] of others.entries()) {
    if (index % 2 === 0) await one.take(letter);
    else {
      await expect(other.take(letter)).rejects.toBeInstanceOf(Elsewhere);
      givenBack += 1;
      await one.take(letter);
    }
  }
  return givenBack;
}

describe('two copies of an aggregator, each with a folder of its own', () => {
  it('have all tokens of a set in one of them, which combines it', async () => {
    const made = await expectSet(parties, signed);
    await other.take(made.letter);
    expect(await share(await lettersOf(made))).toBeGreaterThan(2);
    expect([await spooled('one'), await spooled('other')]).toEqual([[made.queryId], []]);
    await other.work();
    await wait(1000);
    expect(await other.stage(made.queryId)).toBe('combining');
    await one.work();
    const posted = await one.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'released', people: 2 }]);
    const records = await posted.records();
    for (const holder of holders) expect(records[holder]?.map(({ note }) => note).sort()).toEqual(notes[holder]);
  });

  it('end one that the other has, where nothing is released: that one may be gone', async () => {
    const made = await expectSet(parties, soon);
    await one.take(made.letter);
    const [letter] = await lettersOf(made);
    if (letter === undefined) throw new Error('no tokens');
    await one.take(letter);
    await other.work();
    const posted = await other.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'refer', code: 'not-all-answered' }]);
  }, 30_000);

  it('end one that is taken back, both at once, and nothing of it is left on either disk', async () => {
    const made = await expectSet(parties, signed);
    await one.take(made.letter, ...(await lettersOf(made)).slice(0, 1));
    const { signing } = parties.party('immigration');
    const taken = await composeRetraction(made.letter.body.manifest, { id: 'immigration', signing });
    await other.take(await deliver(parties, retract, 'coordinator', taken));
    await other.work();
    const { knex } = one.node.courier.store;
    await until('it has ended', async () => (await findQuery(knex, made.queryId))?.state === 'retracted');
    // As at the start, and every minute.
    for (const closer of await workOnSets(one.node)) await closer.close();
    expect([await spooled('one'), await spooled('other')]).toEqual([[], []]);
  });
});
