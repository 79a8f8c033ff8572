import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NotYet } from '@anonymesh/courier';
import type { SetAgreement } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { holders, sets } from '../fixtures/made-children.js';
import { answerOf, expectQuery } from '../fixtures/made-letters.js';
import {
  expectSet,
  progressFrom,
  releaseFrom,
  tokensFrom,
  type MadeSetQuery,
  type TokensOptions,
} from '../fixtures/made-set.js';
import { startBroker } from '../fixtures/real-node.js';
import { openSetDesk, type SetDesk } from '../fixtures/set-desk.js';

let parties: Parties;
let nats: RunningNats;
let folder: string;
let agreements: Record<SetAgreement['release'], SignedAgreement<SetAgreement>>;
let desk: SetDesk;
beforeAll(async () => {
  parties = await makeParties({ holders });
  const agree = (release: SetAgreement['release']) => parties.agreeOnSets({ release });
  agreements = {
    count: await agree('count'),
    'on-match': await agree('on-match'),
    'on-approval': await agree('on-approval'),
  };
  nats = await startBroker(parties);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-aggregator-'));
  desk = await openSetDesk(parties, nats, {
    store: { kind: 'embedded', file: join(folder, 'store.db') },
    spool: join(folder, 'spool'),
    agreements: Object.values(agreements),
  });
  await desk.work();
}, 60_000);
afterAll(async () => {
  await desk.close();
  await nats.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await desk.node.courier.store.knex('outbox').delete();
});

const records = (holder: string) => sets[holder] ?? [];
const tokensOf = (made: MadeSetQuery, holder: string, options?: TokensOptions) =>
  tokensFrom(made, holder, records(holder), options);
const first = async (made: MadeSetQuery, options: TokensOptions, holder = 'police') => {
  const [letter] = await tokensOf(made, holder, options);
  if (letter === undefined) throw new Error('no letter');
  return letter;
};
const opened = async (release: SetAgreement['release']) => {
  const made = await expectSet(parties, agreements[release]);
  await desk.take(made.letter);
  return made;
};

describe('tokens', () => {
  const shaped = (change: TokensOptions['change'], attach?: TokensOptions['attach']): TokensOptions => ({
    ...(change === undefined ? {} : { change }),
    ...(attach === undefined ? {} : { attach }),
  });
  const bad: [what: string, options: TokensOptions][] = [
    ['none', shaped({}, () => Buffer.alloc(0))],
    ['part of one', shaped({}, (all) => all.subarray(1))],
    ['more than the set has', shaped({}, (all) => Buffer.concat([all, all]))],
    ['past the end', shaped({ first: 1 })],
    ['of a set of no bucket', shaped({ records: 17 })],
    ['of a set larger than agreed', shaped({ records: 1280 })],
  ];
  it.each(bad)('are refused that are %s', async (_what, options) => {
    const made = await opened('count');
    await expect(desk.take(await first(made, options))).rejects.toMatchObject({ code: 'malformed' });
    expect(await desk.node.courier.store.knex('token_letters').where({ query_id: made.queryId })).toEqual([]);
  });

  it('are refused whose control is not with each other holder, in order', async () => {
    const made = await opened('count');
    const { control } = (await first(made, {})).body;
    const [one, other] = control.gates;
    if (one === undefined || other === undefined) throw new Error('no gates');
    for (const gates of [[one], [other, one], [one, one], [one, other, other], [one, { ...other, holder: 'police' }]]) {
      const letter = await first(made, { change: { control: { ...control, gates } } });
      await expect(desk.take(letter)).rejects.toMatchObject({ code: 'malformed' });
    }
  });

  it('are refused that nobody could open, where records are released on a match', async () => {
    const made = await opened('on-match');
    const letter = await first(made, { change: { sealing: undefined } });
    await expect(desk.take(letter)).rejects.toMatchObject({ code: 'malformed' });
  });

  it('are refused of who is no holder, under another agreement, and about a check', async () => {
    const made = await opened('count');
    const stranger = await makeParties({ holders });
    const theirs = await expectSet(stranger, made.signed);
    await expect(desk.take(await first({ ...theirs, queryId: made.queryId }, {}))).rejects.toMatchObject({
      code: 'key-not-pinned',
    });
    const other = await first({ ...made, signed: agreements['on-match'] }, {});
    await expect(desk.take(other)).rejects.toMatchObject({ code: 'query-differs' });
    const unknown = await first({ ...made, signed: await parties.agreeOnSets({ version: 9 }) }, {});
    await expect(desk.take(unknown)).rejects.toMatchObject({ code: 'key-not-pinned' });
    const check = await expectQuery(parties);
    await desk.take(check.letter);
    await expect(desk.take(await first({ ...made, queryId: check.queryId }, {}))).rejects.toMatchObject({
      code: 'query-differs',
    });
    await expect(desk.take(await answerOf(parties, 'police', made.queryId, made.signed))).rejects.toMatchObject({
      code: 'query-differs',
    });
  });

  it('that come before the query come again later, and leave nothing until then', async () => {
    const made = await expectSet(parties, agreements.count);
    const letter = await first(made, {});
    await expect(desk.take(letter)).rejects.toBeInstanceOf(NotYet);
    expect(await readdir(join(folder, 'spool'))).not.toContain(made.queryId);
    await desk.take(made.letter, letter);
    expect(await readdir(join(folder, 'spool'))).toContain(made.queryId);
    const never = { ...letter, queryId: 'ab'.repeat(16), issuedAt: Date.now() - 121_000 };
    await expect(desk.take(never)).rejects.toMatchObject({ code: 'deadline-passed' });
  });

  it('that come twice count once; in two versions the query is to refer', async () => {
    const made = await opened('count');
    const [one, ...others] = await tokensOf(made, 'schools', { perLetter: 8 });
    if (one === undefined) throw new Error('no letter');
    await desk.takeTogether([one, one, ...others]);
    await desk.take(one);
    const rows = await desk.node.courier.store.knex('set_holders').where({ query_id: made.queryId, holder: 'schools' });
    expect(rows).toMatchObject(
      [{ received: 24, records: 24, differs: false }].map((row) => expect.objectContaining(row)),
    );
    for (const holder of ['police', 'health-trust']) await desk.take(...(await tokensOf(made, holder)));
    expect((await desk.ended(made)).outcomes()).toMatchObject([{ outcome: 'released', people: 2 }]);
  });

  const versions: [what: string, options: TokensOptions][] = [
    ['with other bytes', { attach: (all) => Buffer.from(all).fill(7, 3, 4) }],
    ['that overlap others', { perLetter: 12 }],
    ['of a set of another size', { change: { records: 40 } }],
    ['with another control', { apart: true }],
  ];
  it.each(versions)('are to refer where a holder sends two versions: %s', async (_what, options) => {
    const made = await opened('count');
    await desk.take(...(await tokensOf(made, 'schools', { perLetter: 8 })).slice(0, 2));
    const second = (await tokensOf(made, 'schools', { perLetter: 8, ...options })).slice(0, 2);
    await desk.takeTogether(second);
    for (const holder of ['police', 'health-trust']) await desk.take(...(await tokensOf(made, holder)));
    const posted = await desk.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'refer', code: 'answers-disagree', answered: 3 }]);
  });

  it('of holders with different keys are to refer, and nothing is matched', async () => {
    const made = await opened('on-match');
    for (const holder of holders) await desk.take(...(await tokensOf(made, holder, { apart: holder === 'police' })));
    const posted = await desk.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'refer', code: 'answers-disagree', answered: 3 }]);
    expect(await posted.records()).toEqual({ 'health-trust': [], police: [], schools: [] });
  });

  it('after the end are refused, and come too late to change it', async () => {
    const made = await opened('count');
    const letter = await first(made, {});
    await desk.refuse(made, 'schools', 'set-too-large');
    const posted = await desk.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'refer', code: 'set-too-large', answered: 0 }]);
    for (const late of [letter, await first(made, {}, 'schools')])
      await expect(desk.take(late)).rejects.toMatchObject({ code: 'deadline-passed' });
    await expect(desk.refuse(made, 'police')).rejects.toMatchObject({ code: 'deadline-passed' });
    await desk.take(await progressFrom(made, 'police', 'exchanging', 3));
  });
});

describe('release', () => {
  it('is refused that is not asked for, of another size, of more than was found, or a second time', async () => {
    const row = { surname: 'Surname 1', note: 'n' };
    const early = await opened('on-approval');
    await expect(desk.take(await releaseFrom(early, 'police', []))).rejects.toMatchObject({ code: 'deadline-passed' });
    const never = await opened('on-match');
    await expect(desk.take(await releaseFrom(never, 'police', []))).rejects.toMatchObject({ code: 'malformed' });
    for (const holder of holders) await desk.take(...(await tokensOf(early, holder)));
    await desk.reaches(early.queryId, 'approving');
    for (const options of [{ most: 99 }, { most: 101 }, { records: 3 }])
      await expect(desk.take(await releaseFrom(early, 'police', [row], options))).rejects.toMatchObject({
        code: 'malformed',
      });
    await desk.take(await releaseFrom(early, 'police', [row]));
    await expect(desk.take(await releaseFrom(early, 'police', []))).rejects.toMatchObject({ code: 'replayed' });
  });
});
