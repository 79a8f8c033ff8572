import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SetAgreement } from '@anonymesh/protocol';
import { checkMatched, tokenShape, unpackProofs } from '@anonymesh/psi';
import type { SignedAgreement } from '@anonymesh/trust';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { until } from '../../../../tests/mesh/until.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { holders, notes, sets } from '../fixtures/made-children.js';
import { expectSet, pairSecretsOf, releaseFrom, tokensFrom, type MadeSetQuery } from '../fixtures/made-set.js';
import { readPosted } from '../fixtures/read-posted.js';
import { startBroker } from '../fixtures/real-node.js';
import { openSetDesk, type SetDesk } from '../fixtures/set-desk.js';

let parties: Parties;
let nats: RunningNats;
let postgres: PrivatePostgres;
let folder: string;
let agreements: Record<SetAgreement['release'], SignedAgreement<SetAgreement>>;
beforeAll(async () => {
  parties = await makeParties({ holders });
  const agree = (release: SetAgreement['release']) => parties.agreeOnSets({ release });
  agreements = {
    count: await agree('count'),
    'on-match': await agree('on-match'),
    'on-approval': await agree('on-approval'),
  };
  [nats, postgres] = await Promise.all([startBroker(parties), startPostgres()]);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-aggregator-'));
}, 60_000);
afterAll(async () => {
  await Promise.all([nats.stop(), postgres.stop()]);
  await rm(folder, { recursive: true });
});

async function sendAll(desk: SetDesk, made: MadeSetQuery): Promise<void> {
  await desk.take(made.letter);
  for (const holder of holders) await desk.takeTogether(await tokensFrom(made, holder, sets[holder] ?? []));
}

describe.each(['embedded', 'postgres'] as const)('a set query on the %s store', (kind) => {
  let desk: SetDesk;
  beforeAll(async () => {
    desk = await openSetDesk(parties, nats, {
      store: kind === 'embedded' ? { kind, file: join(folder, 'store.db') } : { kind, url: postgres.url },
      spool: join(folder, kind),
      agreements: Object.values(agreements),
    });
    await desk.work();
  });
  afterAll(() => desk.close());
  afterEach(async () => {
    for (const table of ['queries', 'sets', 'set_holders', 'token_letters', 'words', 'outbox'])
      await desk.node.courier.store.knex(table).delete();
  });

  const nothingIsLeftOf = async ({ queryId }: MadeSetQuery) => {
    const { knex } = desk.node.courier.store;
    for (const table of ['sets', 'set_holders', 'token_letters', 'words'])
      expect(await knex(table).where({ query_id: queryId })).toEqual([]);
    await until('the spool is empty', async () => !(await readdir(join(folder, kind))).includes(queryId));
  };

  it('that counts tells the requester how many people all have in common, and the holders that it has ended', async () => {
    const made = await expectSet(parties, agreements.count);
    await sendAll(desk, made);
    const posted = await desk.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'released', code: 'all-answered', answered: 3, people: 2 }]);
    expect(posted.matches()).toEqual([]);
    for (const holder of holders) {
      const [letter, ...others] = posted.matched(holder);
      expect([letter?.body, others]).toMatchObject([{ word: 'ended', records: 0 }, []]);
      expect(letter?.attachment).toHaveLength(16);
    }
    await nothingIsLeftOf(made);
  });

  it('that releases on a match gives the requester the records that matched, and no other', async () => {
    const made = await expectSet(parties, agreements['on-match']);
    await sendAll(desk, made);
    const posted = await desk.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'released', people: 2, answered: 3, holders: 3 }]);
    const records = await posted.records();
    for (const holder of holders) expect(records[holder]?.map(({ note }) => note).sort()).toEqual(notes[holder]);
    for (const holder of holders)
      expect(posted.matched(holder)).toMatchObject([{ body: { word: 'ended', records: 0 } }]);
    await nothingIsLeftOf(made);
  });

  it('that releases on approval tells each holder of its own records, with proof, and releases what they approve', async () => {
    const signed = agreements['on-approval'];
    const made = await expectSet(parties, signed);
    await sendAll(desk, made);
    await desk.reaches(made.queryId, 'approving');
    const shape = tokenShape(signed.content);
    const asked = await readPosted(desk.node, made);
    for (const holder of holders) {
      const [letter] = asked.matched(holder);
      expect(letter?.body).toMatchObject({ word: 'approve', records: 2 });
      const own = sets[holder] ?? [];
      const proofs = unpackProofs(
        shape,
        100,
        letter?.attachment.subarray(0, (letter.attachment.length / 100) * 2) ?? Buffer.alloc(0),
      );
      expect(proofs?.map(({ record }) => own[record]?.row.note).sort()).toEqual(notes[holder]);
      for (const proof of proofs ?? []) {
        const keys = own[proof.record]?.keys ?? [];
        const points = Buffer.concat(
          keys.map((key, slot) => createHash('sha256').update(`${made.queryId}  ${slot} ${key}`).digest()),
        );
        const input = {
          query: made.queryId,
          shape,
          holder,
          pairSecrets: pairSecretsOf(parties, signed, holder),
          points,
        };
        expect(checkMatched(input, proof)).toBe(true);
      }
    }
    const [first, ...others] = holders;
    await desk.take(await releaseFrom(made, first ?? '', [{ surname: 'Surname 1', note: 'h1' }]));
    expect(await desk.stage(made.queryId)).toBe('approving');
    for (const holder of others) await desk.take(await releaseFrom(made, holder, []));
    const posted = await desk.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'released', people: 2, answered: 3 }]);
    expect(await posted.records()).toMatchObject({ 'health-trust': [{ note: 'h1' }], police: [], schools: [] });
    for (const holder of holders) {
      const [approve, ended] = posted.matched(holder);
      expect(ended?.body).toMatchObject({ word: 'ended', records: 0 });
      expect(ended?.attachment.length).toBe(approve?.attachment.length);
    }
    await nothingIsLeftOf(made);
  });
});
