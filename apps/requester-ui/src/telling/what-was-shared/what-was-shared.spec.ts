import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hops } from '../../../../../boundaries.mjs';
import { makeParties, type Parties } from '../../../../../tests/mesh/make-parties.js';
import { composeQuery } from '../../fixtures/paper-query.js';
import { caseworkerAt } from '../../fixtures/people.js';
import { paperCoordinator, serveRequester } from '../../fixtures/serve-requester.js';
import { embeddedStore, type TemporaryStore } from '../../fixtures/temporary-stores.js';
import { insertQuery, type Query } from '../../store/queries.js';
import { draw } from './draw.js';
import { sharingOf, stepsOf, telling } from './who-learned-what.js';

let parties: Parties;
let temporary: TemporaryStore;
let requester: Awaited<ReturnType<typeof serveRequester>>;
let query: Query;

beforeAll(async () => {
  parties = await makeParties();
  temporary = await embeddedStore();
  requester = await serveRequester(parties, temporary.store, paperCoordinator(parties));
  query = { ...(await composeQuery(parties)), state: 'waiting', admitted: true, ask_at: null };
  await insertQuery(temporary.store.knex, query);
});
afterAll(async () => {
  await requester.close();
  await temporary.remove();
});

const content = () => parties.agreement.content;
const sets = async () => (await parties.agreeOnSets()).content;
const set = () => ({ ...query, kind: 'set' as const, stage: 'combining' as const, answered: 3 });
const decided = () => ({ ...query, answered: 3, outcome: 'concern' as const, outcome_signed: 'x' });
const told = (trace: Query, name: string) => sharingOf(trace, content()).find((each) => each.party === name);

describe('the picture', () => {
  it('has a word for every message that the table of boundaries lets through, and no others', () => {
    expect(Object.keys(telling).sort()).toEqual([...new Set(hops.map(({ message }) => message))].sort());
  });

  it('draws every message between parties of the agreement, inside its frame', async () => {
    for (const [trace, agreement] of [
      [query, content()],
      [set(), await sets()],
    ] as const) {
      const steps = stepsOf(trace, agreement);
      const { boxes, lines, width, height } = draw(agreement.parties, steps);
      expect(lines.flatMap(({ numbers }) => numbers.split(', ')).sort()).toEqual(
        steps.map(({ number }) => String(number)).sort(),
      );
      for (const box of boxes) {
        expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true);
      }
      for (const { x, y } of lines) expect(x > 0 && x < width && y > 0 && y < height).toBe(true);
    }
  });

  it('says of no holder what it answered, nor whether it did', () => {
    const [first, ...others] = sharingOf(decided(), content()).filter(({ party }) => party === 'holder');
    const kinds = others.map(({ not }) => not);
    expect(new Set([first?.not, ...kinds].map((each) => JSON.stringify(each))).size).toBe(1);
    expect(JSON.stringify(sharingOf(decided(), content()))).not.toMatch(/AB123456C|okafor/i);
  });
});

describe('who learned what', () => {
  it('leaves the person to the office and the holders, and the outcome to the office and the aggregator', () => {
    for (const kind of ['coordinator', 'aggregator']) expect(told(decided(), kind)?.not).toContain('Whom it is about');
    for (const kind of ['coordinator', 'holder']) expect(told(decided(), kind)?.not).toContain('The outcome');
    for (const kind of ['requester', 'aggregator']) expect(told(decided(), kind)?.learned).toContain('The outcome');
    expect(told(decided(), 'requester')?.not).toContain('What any holder said');
  });

  it.each([
    ['any', 'clear', 'no holder has'],
    [{ atLeast: 1 }, 'clear', 'no holder has'],
    ['all', 'concern', 'every holder has'],
    ['any', 'concern', undefined],
    ['all', 'clear', undefined],
    [{ atLeast: 2 }, 'clear', undefined],
    [{ atLeast: 2 }, 'concern', undefined],
    ['any', 'refer', undefined],
  ] as const)('says by %j of %s whether it tells the office what each holder said', (combination, outcome, said) => {
    const sharing = sharingOf({ ...decided(), outcome }, { ...content(), combination });
    const { learned = [], not = [] } = sharing.find(({ party }) => party === 'requester') ?? {};
    expect(learned.includes(`By it, that ${said} a concern`)).toBe(said !== undefined);
    expect(not.includes('What any holder said')).toBe(said === undefined);
    expect(learned.filter((each) => each.startsWith('By it'))).toHaveLength(said === undefined ? 0 : 1);
  });

  it('says that nobody learned anything of a query that the mesh does not have', () => {
    const kept = { ...query, admitted: false, state: 'asking' as const };
    for (const { party, learned } of sharingOf(kept, content()))
      if (party !== 'requester') expect([party, learned]).toEqual([party, []]);
    expect(stepsOf(kept, content()).filter(({ happened }) => happened === 'yes')).toEqual([]);
  });

  it('knows of the portal only what a re-check tells', () => {
    expect(told(decided(), 'portal')?.learned).toEqual([]);
    expect(told({ ...decided(), t: 1 }, 'portal')?.learned).not.toEqual([]);
    const explain = stepsOf(decided(), content()).find(({ message }) => message === 'explain');
    expect(explain?.happened).toBe('unknown');
  });
});

describe('the page', () => {
  it('shows the picture and the same in words, to the caseworker who asked', async () => {
    const caseworker = await caseworkerAt(requester);
    const { status, text } = await caseworker.open(`/queries/${query.id}/shared`);
    expect(status).toBe(200);
    expect(text).toContain('<svg');
    for (const { name } of content().parties) expect(text).toContain(name);
    expect(text).not.toMatch(/ style="|AB123456C/);
    const other = await caseworkerAt(requester, { sub: 'user-2' });
    expect((await other.open(`/queries/${query.id}/shared`)).status).toBe(404);
  });
});
