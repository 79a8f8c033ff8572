import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eraseSalts, type Draft } from '@anonymesh/evidence';
import { randomBytes } from 'node:crypto';
import { checkReceipt, receipt, type Receipt } from '@anonymesh/receipts';
import { statusOf, type Said } from '../mesh/statuses.js';
import { playQuery, signOutcome, wordOf, type Played } from './played-query.js';

let played: Played;
let shares: Receipt[];
beforeAll(async () => {
  played = await playQuery({ hmrc: false, dwp: true, council: false });
  shares = await played.shares();
}, 60_000);
afterAll(() => played.close());

const judged = (of: readonly unknown[], by: Played = played) =>
  checkReceipt(
    of.map((each) => receipt.parse(JSON.parse(JSON.stringify(each)))),
    by.parties.directory,
  );
const all = (is: string, of: readonly unknown[], by: Played = played) =>
  judged(of, by).flatMap((each) => (each.is === is ? [each.text] : []));
const changed = (party: number, change: Partial<Receipt>) =>
  shares.map((each, index) => (index === party ? { ...each, ...change } : each));
const [requester, coordinator, aggregator, holder] = [0, 1, 2, 3];

describe('a receipt of all parties', () => {
  it('proves how the query went, and leaves nothing open', () => {
    expect(all('wrong', shares)).toEqual([]);
    expect(all('open', shares)).toEqual([]);
    const proven = all('proven', shares).join('\n');
    for (const text of [
      /^right-to-remain, version \d+ was signed by all of its parties, and valid$/m,
      /^that it was in force then, all of its parties have said$/m,
      /^immigration asked as caseworker at 20/m,
      /^dwp answered$/m,
      /^aggregator signed: concern, 3 of 3 answered$/m,
      /^the masked answers, added up again, give concern$/m,
      /^hmrc has 1 entries on this query, and no other up to 20/m,
      /^immigration logged the asking at 20/m,
      /^coordinator admitted the query at 20/m,
      /^aggregator received at .* the bytes that council sent$/m,
      /^the word of hmrc is the one that was logged$/m,
      /^aggregator logged the outcome at 20/m,
    ])
      expect(proven).toMatch(text);
  });

  it('names no holder\u2019s flag', () => {
    const texts = judged(shares).map(({ text }) => text);
    const ofHolders = ['hmrc', 'dwp', 'council'].map((id) =>
      texts.filter((text) => text.includes(id)).map((text) => text.replaceAll(id, '').replace(/20[\dT:.Z-]+/g, '')),
    );
    expect(ofHolders[1]).toEqual(ofHolders[0]);
    expect(ofHolders[2]).toEqual(ofHolders[0]);
  });

  it('still verifies after everything about the query has been erased; what nobody can show any more is open', async () => {
    const other = await playQuery({ hmrc: false, dwp: false });
    for (const { knex } of other.stores.values()) await eraseSalts(knex, [other.query]);
    const erased = await other.shares();
    expect(all('wrong', erased, other)).toEqual([]);
    expect(all('proven', erased, other).join('\n')).toMatch(/the masked answers, added up again, give clear/);
    expect(all('open', erased, other).join('\n')).toMatch(/can no longer be shown/);
    await other.close();
  });

  it('of a query that a holder refused says who, and adds nothing up', async () => {
    const other = await playQuery({ hmrc: false, dwp: 'refuses' });
    const of = await other.shares();
    expect(all('wrong', of, other)).toEqual([]);
    expect(all('proven', of, other)).toContain('dwp refused');
    expect(all('proven', of, other).join('\n')).toMatch(/aggregator signed: refer, 1 of 2 answered/);
    await other.close();
  });
});

describe('the requester\u2019s own share', () => {
  it('proves agreement, asking, outcome and its own log, and says what is open', () => {
    const [own] = shares;
    expect(all('wrong', [own])).toEqual([]);
    expect(all('open', [own])).toEqual(
      expect.arrayContaining([
        '0 of 3 answers are in the receipt: they cannot be added up',
        'the log of hmrc is not in the receipt',
      ]),
    );
  });
});

describe('whether the agreement was in force', () => {
  const day = 86_400_000;
  /** What is said of it where dwp has said that in place of its own. */
  const saidWith = async (...instead: Promise<string>[]) => {
    const { parties } = played;
    const { content, hash } = parties.agreement;
    const others = content.parties.filter(({ id }) => id !== 'dwp').map(({ id }) => statusOf(parties, id, hash));
    const statuses = await Promise.all([...others, ...instead]);
    return judged(changed(requester, { statuses })).flatMap(({ is, about, text }) =>
      about === 'agreement' && /in force|withdrew/.test(text) ? [`${is}: ${text}`] : [],
    );
  };
  const ofDwp = (said: Said, agreement = played.parties.agreement.hash) =>
    statusOf(played.parties, 'dwp', agreement, said);

  it('each party’s word proves, also one that was said later: nobody says it again of what was withdrawn', async () => {
    const proven = ['proven: that it was in force then, all of its parties have said'];
    expect(await saidWith(ofDwp({ at: Date.now() - day / 2 }))).toEqual(proven);
    expect(await saidWith(ofDwp({ at: Date.now() + 60 * day }))).toEqual(proven);
  });

  it('is open without the word of each, or with one that was no longer good', async () => {
    const open = ['open: that it was in force then, the receipt does not have from dwp'];
    const other = await played.parties.agree({ version: 5 });
    expect(await saidWith()).toEqual(open);
    expect(await saidWith(ofDwp({ at: Date.now() - 2 * day }))).toEqual(open);
    expect(await saidWith(ofDwp({}, other.hash))).toEqual(open);
    expect(await saidWith(statusOf(played.parties, 'hmrc', played.parties.agreement.hash))).toEqual(open);
    const [head, body] = (await ofDwp({})).split('.');
    expect(await saidWith(Promise.resolve(`${head}.${body}.${randomBytes(64).toString('base64url')}`))).toEqual(open);
  });

  it('a party’s withdrawal says, by when it withdrew', async () => {
    const withdrawn = (at: number) => ofDwp({ state: 'withdrawn', at });
    expect(await saidWith(withdrawn(Date.now() + day))).toEqual([
      expect.stringMatching(/^proven: dwp withdrew at 20\S+, after the query was asked$/),
      'proven: that it was in force then, all others of its parties have said',
    ]);
    expect(await saidWith(withdrawn(Date.now() - day / 2), ofDwp({}))).toEqual([
      expect.stringMatching(
        /^open: dwp withdrew at 20\S+, before the query was asked: the requester may not have heard/,
      ),
    ]);
    expect(await saidWith(withdrawn(Date.now() - 2 * day), ofDwp({}))).toEqual([
      expect.stringMatching(/^wrong: dwp withdrew at 20\S+, long before the query was asked$/),
    ]);
  });
});

describe('a receipt is wrong', () => {
  it('where the aggregator signed another outcome than the answers give', async () => {
    const { parties, query, words } = played;
    const masks = [...words.values()].map((jws) => {
      const { body } = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as {
        body: { masked: string; check: string };
      };
      return { masked: Buffer.from(body.masked, 'base64url'), check: Buffer.from(body.check, 'base64url') };
    });
    const clear = await signOutcome(parties, query, masks, 'clear');
    const told = shares.map((each) => (each.outcome === undefined ? each : { ...each, outcome: clear }));
    expect(all('wrong', told)).toContain('the masked answers, added up again, give concern, not clear');
    expect(all('wrong', told).join('\n')).toMatch(/aggregator logged the outcome at .*, but by another paper/);
  });

  it('where shares show different outcomes, or are of different queries', async () => {
    const clear = await signOutcome(played.parties, played.query, [], undefined);
    expect(all('wrong', changed(aggregator, { outcome: clear }))).toEqual([
      'the shares are not of one query, or contradict each other',
    ]);
    expect(all('wrong', changed(holder, { query: 'ab'.repeat(16) }))).toHaveLength(1);
  });

  it('where a holder\u2019s word is another one than was logged, of another query, or there twice', async () => {
    const { parties, query, words } = played;
    const list = [...words.values()];
    const other = await wordOf(parties, query, 'dwp', false);
    expect(all('wrong', changed(aggregator, { words: list.with(1, other) }))).toContain(
      'the word of dwp in the receipt is not the one that was logged',
    );
    expect(all('wrong', changed(aggregator, { words: [...list, other] }))).toContain('two words of dwp');
    const elsewhere = await wordOf(parties, 'cd'.repeat(16), 'dwp', true);
    expect(all('wrong', changed(aggregator, { words: list.with(1, elsewhere) }))).toContain(
      'a word is not one of a holder of this agreement on this query',
    );
  });

  it('where a signature of the agreement or of the manifest is missing or another\u2019s', () => {
    const [own] = shares;
    if (own?.agreement === undefined) throw new Error('no agreement');
    const { hmrc: _hmrc, ...signatures } = own.agreement.signatures;
    expect(all('wrong', changed(requester, { agreement: { ...own.agreement, signatures } }))).toContain(
      'right-to-remain, version 1 is not signed by hmrc',
    );
    const [head, body] = played.manifest.split('.');
    const forged = `${head}.${body}.${randomBytes(64).toString('base64url')}`;
    expect(all('wrong', changed(requester, { manifest: forged }))).toEqual([
      'the manifest is not that of this query under this agreement, signed by its requester',
    ]);
  });

  it('where a log keeps quiet about an entry', async () => {
    const part = structuredClone(await played.part('aggregator'));
    part.entries.pop();
    expect(all('wrong', changed(aggregator, { parts: [part] }))).toContain(
      'the log of aggregator does not prove what it shows: kept-quiet-about',
    );
  });

  it('where a log has a second outcome, or a holder sent a second word', async () => {
    const second = (query: string): Draft[] => [{ did: 'decided', what: 'outcome', query, words: 'clear' }];
    const again = (query: string): Draft[] => [
      { did: 'sent', what: 'answer', party: 'aggregator', query, words: 'another', sealed: randomBytes(9) },
    ];
    const other = await playQuery({ hmrc: false, dwp: false }, { aggregator: second, dwp: again });
    const said = all('wrong', await other.shares(), other);
    expect(said).toContain('the log of aggregator has more than one entry of the outcome');
    expect(said).toContain('the log of dwp has 2 words of it, not one');
    await other.close();
  });

  it('where it has two parts of one log, or one of nobody in the agreement', async () => {
    const part = await played.part('hmrc');
    expect(all('wrong', changed(coordinator, { parts: [...(shares[coordinator]?.parts ?? []), part] }))).toContain(
      'there are two parts of the log of hmrc',
    );
    const other = await playQuery({ hmrc: false, dwp: false });
    const foreign = { ...(await other.part('hmrc')), query: played.query };
    expect(all('wrong', changed(holder, { parts: [foreign] }))).toContain(
      'there is a log of no party to the agreement',
    );
    await other.close();
  });

  it.each<[string, unknown]>([
    ['no receipt', {}],
    ['of another form', { type: 'anonymesh/receipt/v2' }],
    ['with something beside', { more: 1 }],
    ['with a word that is none', { words: ['x'] }],
  ])('in its form: %s', (what, change) => {
    const given: unknown = what === 'no receipt' ? change : { ...shares[0], ...(change as object) };
    expect(receipt.safeParse(given).success).toBe(false);
  });
});
