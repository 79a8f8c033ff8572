// What an auditor makes of a receipt, on paper: true ones of every combination, and those that somebody has spoilt.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { eraseSalts, openTestimony, sealNothing } from '@anonymesh/evidence';
import { looksLikeTestimony, type Combination } from '@anonymesh/protocol';
import { receipt, type Receipt } from '@anonymesh/receipts';
import { newKey } from '@anonymesh/trust';
import { judge as judgeBy, type Judged } from './audited-mesh.js';
import { playQuery, wordOf, type Played, type Said } from './played-query.js';

const auditor = newKey('X25519');
const read = (of: Receipt) => receipt.parse(JSON.parse(JSON.stringify(of)));
const judge = (of: Receipt, by: Played): Judged => judgeBy([read(of)], by.parties.directory, auditor);
const alone = (of: Receipt, by: Played): Judged => judgeBy([read(of)], by.parties.directory);
/** What a receipt that is as it should be leaves open: the coordinator only passes on. */
const leftOpen = ['the log of coordinator is not in the receipt'];

async function within<Result>(playing: Promise<Played>, look: (played: Played) => Promise<Result>): Promise<Result> {
  const played = await playing;
  return look(played).finally(() => played.close());
}

describe('an auditor adds the masked answers up again', () => {
  it.each<[string, Combination, Record<string, Said>, string, string]>([
    [
      'any',
      'any',
      { council: false, dwp: true, hmrc: false },
      'concern',
      'a concern where any of the holders have one',
    ],
    ['any, where nobody has a concern', 'any', { dwp: false, hmrc: false }, 'clear', 'any'],
    ['all', 'all', { council: true, dwp: true, hmrc: true }, 'concern', 'a concern where all of the holders have one'],
    ['all, where one has none', 'all', { council: true, dwp: false, hmrc: true }, 'clear', 'all'],
    ['at least two', { atLeast: 2 }, { council: true, dwp: false, hmrc: true }, 'concern', 'where at least 2 of'],
    [
      'at least two, where one has one',
      { atLeast: 2 },
      { council: true, dwp: false, hmrc: false },
      'clear',
      'at least 2',
    ],
  ])('%s', (_, combination, says, outcome, combined) =>
    within(playQuery(says, {}, { auditor, combination }), async (played) => {
      const { wrong, open, proven } = judge(await played.kept(), played);
      expect([wrong, open]).toEqual([[], leftOpen]);
      expect(proven).toContain(`the masked answers, added up again, give ${outcome}`);
      expect(proven.join('\n')).toContain(combined);
      for (const id of Object.keys(says)) expect(proven).toContain(`${id} answered`);
    }),
  );

  it('not where a holder refused, and sees which; to everybody else it looks as any other', () =>
    within(playQuery({ dwp: 'refuses', hmrc: false }, {}, { auditor }), async (played) => {
      const kept = await played.kept();
      const { wrong, open, proven } = judge(kept, played);
      expect([wrong, open]).toEqual([[], leftOpen]);
      expect(proven).toEqual(expect.arrayContaining(['dwp refused', 'hmrc answered']));
      expect(proven.join('\n')).toMatch(/aggregator signed: refer, 1 of 2 answered/);
      const public_ = alone(kept, played);
      expect(public_.wrong).toEqual([]);
      expect([...public_.proven, ...public_.open].filter((text) => /dwp (answered|refused)/.test(text))).toEqual([]);
      const lengths = kept.testimonies?.sealed.map((sealed) => sealed.split('.')[3]?.length);
      expect(new Set(lengths).size).toBe(1);
    }));

  it('and finds an aggregator that signed another outcome', () =>
    within(playQuery({ dwp: true, hmrc: false }, {}, { auditor, lie: 'clear' }), async (played) => {
      const kept = await played.kept();
      expect(alone(kept, played).wrong).toEqual([]);
      expect(judge(kept, played).wrong).toContain('the masked answers, added up again, give concern, not clear');
    }));

  it('also where the aggregator keeps quiet about the answers: holders testify to their own', () =>
    within(playQuery({ dwp: true, hmrc: false }, {}, { auditor, lie: 'clear' }), async (played) => {
      const quiet = await played.kept({ aggregator: await played.testimony('aggregator', { words: [] }) });
      expect(judge(quiet, played).wrong).toContain('the masked answers, added up again, give concern, not clear');
    }));

  it('after all that could open the logs has been erased', () =>
    within(playQuery({ dwp: true, hmrc: false }, {}, { auditor }), async (played) => {
      const kept = await played.kept();
      const before = judge(kept, played);
      for (const { knex } of played.stores.values()) await eraseSalts(knex, [played.query]);
      expect(judge(kept, played)).toEqual(before);
      expect(before.proven.join('\n')).toMatch(/the word of hmrc is the one that was logged/);
    }));
});

describe('a receipt that somebody has spoilt', () => {
  let played: Played;
  let other: Played;
  let kept: Receipt;
  beforeAll(async () => {
    played = await playQuery({ council: false, dwp: true, hmrc: false }, {}, { auditor });
    other = await playQuery({ council: false, dwp: true, hmrc: false }, {}, { auditor });
    kept = await played.kept();
  });
  afterAll(async () => {
    await played?.close();
    await other?.close();
  });
  const changed = (change: (sealed: string[]) => string[]): Receipt => {
    if (kept.testimonies === undefined) throw new Error('no testimonies');
    return { ...kept, testimonies: { ...kept.testimonies, sealed: change([...kept.testimonies.sealed]) } };
  };

  it.each<[string, (sealed: string[]) => string[]]>([
    ['truncated', (sealed) => sealed.with(1, sealed[1]?.slice(0, -20) ?? '')],
    [
      'changed in one character',
      (sealed) => sealed.with(1, sealed[1]?.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) ?? ''),
    ],
    ['swapped', ([first = '', second = '', ...rest]) => [second, first, ...rest]],
    ['left out', (sealed) => sealed.slice(1)],
    ['doubled', (sealed) => [sealed[0] ?? '', ...sealed]],
  ])('after it was handed over: a testimony %s', (_, change) => {
    const wrong = ['the testimonies are not the ones that aggregator handed over'];
    expect(judge(changed(change), played).wrong).toEqual(wrong);
    expect(alone(changed(change), played).wrong).toEqual(wrong);
  });

  it('by a testimony to another query that the aggregator hands over with this one', async () => {
    const foreign = await other.testimony('dwp');
    expect(alone(await played.kept({ dwp: foreign }), played).wrong).toHaveLength(1);
  });

  it('by a holder that seals to another key', async () => {
    const elsewhere = await playQuery({ council: false, dwp: true, hmrc: false }, {}, { auditor: newKey('X25519') });
    const key = newKey('X25519');
    const { wrong, open } = judgeBy([read(kept)], played.parties.directory, key);
    expect(wrong).toEqual(['this key is not that of the auditor whom the agreement names, The auditor']);
    expect(open).toContain('the log of hmrc is not in the receipt');
    // Of its form the testimony is right: what it is sealed to, only who opens it finds.
    const { agreement } = played.parties;
    const misdirected = sealNothing(
      played.query,
      { ...agreement.content, auditor: elsewhere.parties.agreement.content.auditor },
      'dwp',
    );
    const header = (jwe: string) => jwe.split('.')[0] ?? '';
    const ours = kept.testimonies?.sealed[1] ?? '';
    const given = await played.kept({ dwp: misdirected.replace(header(misdirected), header(ours)) });
    expect(judge(given, played).wrong).toContain(
      'the testimony of dwp does not open: it is sealed to another key, or spoilt',
    );
    await elsewhere.close();
  });

  it('by an empty testimony of which the aggregator does not say that it is one', async () => {
    const empty = sealNothing(played.query, played.parties.agreement.content, 'dwp');
    const hidden = judge(await played.kept({ dwp: empty }), played);
    expect(hidden.wrong).toContain('the testimony of dwp is empty, and the aggregator does not say why');
    const aggregator = await played.testimony('aggregator', { missing: ['dwp'] });
    const told = judge(await played.kept({ dwp: empty, aggregator }), played);
    expect(told.wrong).toEqual([]);
    expect(told.open).toContain('no testimony of dwp came to the aggregator in time');
    // What came to the aggregator it testifies to all the same.
    expect(told.proven).toContain('the masked answers, added up again, give concern');
  });

  it('by a testimony that another party signed, or of a word that was never logged', async () => {
    const { parties, query } = played;
    const second = await wordOf(parties, query, 'dwp', false);
    const lied = judge(await played.kept({ dwp: await played.testimony('dwp', { words: [second] }) }), played);
    expect(lied.wrong).toContain('two words of dwp');
  });

  it('by a holder that testifies to the log of another', async () => {
    const framing = await played.testimony('dwp', { part: await played.part('hmrc') });
    const { wrong, proven } = judge(await played.kept({ dwp: framing }), played);
    expect(wrong).toEqual(['the testimony of dwp shows a log that is not its own']);
    expect(proven.join('\n')).toMatch(/^hmrc has \d+ entries on this query, and no other/m);
  });

  it('by a holder whose sealed testimony has something beside it, that would leave others no room', async () => {
    const { query, parties } = played;
    const { content } = parties.agreement;
    const sealed = await played.testimony('dwp');
    const [header = '', ...rest] = sealed.split('.');
    const said = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
    const longer = Buffer.from(JSON.stringify({ ...said, more: 'x'.repeat(2000) })).toString('base64url');
    expect(looksLikeTestimony(sealed, query, content, 'dwp')).toBe(true);
    expect(looksLikeTestimony([longer, ...rest].join('.'), query, content, 'dwp')).toBe(false);
  });

  it('not by words that holders wrote too long for one testimony: the others are in it', async () => {
    const { query, parties, words } = played;
    const long = Array.from({ length: 10 }, () => `a.${randomBytes(4500).toString('base64url')}.c`);
    const said = [...words.values()];
    const sealed = await played.testimony('aggregator', { words: [...long, ...said] });
    const party = 'aggregator';
    const opened = openTestimony(sealed, {
      auditor,
      query,
      agreement: parties.agreement,
      party,
      signer: parties.directory.pastSigner,
    });
    expect(typeof opened === 'string' ? opened : opened.words).toEqual(expect.arrayContaining(said));
  });

  it('by the testimonies of a query that ended otherwise', async () => {
    const { testimonies } = await other.kept();
    const moved: Receipt = testimonies === undefined ? kept : { ...kept, testimonies };
    expect(judge(moved, played).wrong).toEqual([
      'the testimonies are not about this query, handed over by its aggregator',
    ]);
  });

  it('under an agreement that names no auditor', async () => {
    const plain = await playQuery({ dwp: false, hmrc: false });
    const [share] = await plain.shares();
    const { testimonies } = kept;
    if (share === undefined || testimonies === undefined) throw new Error('no share');
    expect(judge({ ...share, testimonies }, plain).wrong).toEqual([
      'there are testimonies, and the agreement names no auditor',
    ]);
    await plain.close();
  });
});
