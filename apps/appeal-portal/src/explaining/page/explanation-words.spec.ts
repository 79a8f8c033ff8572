import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckAgreement } from '@anonymesh/protocol';
import { makeParties, type Parties } from '../../../../../tests/mesh/make-parties.js';
import { sitDownAtForm } from '../fixtures/at-form.js';
import { makeAnswer, makeAnswers, signOutcome, type MadeAnswer } from '../fixtures/make-answers.js';
import { makeQuery, somebody, type MadeQuery } from '../fixtures/make-query.js';
import { paperMesh, servePortal } from '../fixtures/serve-portal.js';

const mesh = paperMesh();
let parties: Parties;
let portal: Awaited<ReturnType<typeof servePortal>>;

beforeAll(async () => {
  parties = await makeParties();
  portal = await servePortal(parties, mesh, { floorMilliseconds: 20 });
});
afterAll(() => portal.close());
beforeEach(() => {
  for (const kept of [mesh.slips, mesh.explanations]) kept.clear();
});

/** What the person reads of a query that was decided by these answers. */
async function read(asked: Parties, query: MadeQuery, answers: readonly MadeAnswer[]): Promise<string> {
  const letters = answers.map(({ signed, explanation }) => ({ signed, explanation }));
  mesh.slips.set(query.manifest.lookupId, query.body);
  mesh.explanations.set(query.queryId, { outcome: await signOutcome(asked, query, answers), answers: letters });
  const { status, text } = await (await sitDownAtForm(portal)).explain(query.reference);
  expect(status).toBe(200);
  return text.replaceAll(/\s+/g, ' ');
}

/** Under an agreement with these terms, of whose holders these have answered. */
async function readUnder(terms: Partial<CheckAgreement>, flags: Readonly<Record<string, boolean>>): Promise<string> {
  const agreement = await parties.agree(terms);
  (parties.trust.agreements as Map<string, typeof agreement>).set(agreement.hash, agreement);
  const asked = { ...parties, agreement };
  const query = await makeQuery(asked);
  return read(asked, query, await makeAnswers(asked, query, flags));
}

describe('the words for a subject', () => {
  it.each([
    [{ atLeast: 2 }, { hmrc: true, dwp: false, council: false }, 'at least 2 must have one', '1 of the 3'],
    ['all', { hmrc: true, dwp: true, council: false }, 'all of them must have one', '2 of the 3'],
  ] as const)('say of a clear outcome by %j that concerns were too few to count, and list them', async (...given) => {
    const [combination, flags, needed, had] = given;
    const text = await readUnder({ combination }, flags);
    expect(text).toContain(`${had} organisations that were asked had a concern`);
    expect(text).toContain(`Under the agreement that is too few to count: ${needed}.`);
    expect(text).toContain('appeals@hmrc.example');
    expect(text).not.toMatch(/No organisation|organisations that answered/);
  });

  it.each([
    ['any', { hmrc: true, dwp: false, council: false }, 'At least one organisation that was asked', 'which'],
    [{ atLeast: 2 }, { hmrc: true, dwp: true, council: true }, 'At least 2 of the 3 organisations', 'which'],
    ['all', { hmrc: true, dwp: true, council: true }, 'Every organisation that was asked', 'why'],
    [{ atLeast: 3 }, { hmrc: true, dwp: true, council: true }, 'Every organisation that was asked', 'why'],
  ] as const)('say of a concern by %j how many are known to have had one', async (...given) => {
    const [combination, flags, who, unknown] = given;
    const text = await readUnder({ combination }, flags);
    expect(text).toContain(who);
    expect(text).toContain(`The office that asked does not know ${unknown}.`);
  });

  it.each(['any', { atLeast: 2 }, 'all'] as const)(
    'say by %j of no concern that there is none',
    async (combination) => {
      const text = await readUnder({ combination }, { hmrc: false, dwp: false, council: false });
      expect(text).toContain('No organisation that was asked had a concern.');
      expect(text).toContain('No organisation had a concern.');
      expect(text).not.toContain('too few');
    },
  );

  it.each([
    [{ dwp: false }, 'None of the organisations that answered had a concern. Not every organisation answered.'],
    [{}, 'No organisation answered, so nobody can tell whether one had a concern.'],
    [{ hmrc: true, dwp: false }, 'Not every organisation answered, so others may have one too.'],
  ])('say with answers of %j alone what nobody knows', async (flags, says) => {
    const text = await readUnder({}, flags);
    expect(text).toContain('The check gave no answer by itself: not every organisation answered.');
    expect(text).toContain(says);
    expect(text).not.toContain('No organisation had a concern');
    expect(text).not.toContain('did not fit together');
  });

  it('say of answers that do not fit together that they did not, and of none that it is missing', async () => {
    const query = await makeQuery(parties);
    const other = await makeQuery(parties, { fields: { ...somebody, niNumber: 'AB123457C' } });
    const elsewhere = await makeAnswer(parties, { ...other, queryId: query.queryId }, 'dwp', { concern: false });
    const masks = { masked: elsewhere.masked.toString('base64url'), check: elsewhere.check.toString('base64url') };
    const mixed = await makeAnswer(parties, query, 'dwp', { concern: false, masks });
    const rest = ['hmrc', 'council'].map((holder) => makeAnswer(parties, query, holder, { concern: false }));
    const answers = [mixed, ...(await Promise.all(rest))];
    const text = await read(parties, query, answers);
    expect(text).toContain('The check gave no answer by itself: the answers did not fit together.');
    expect(text).not.toMatch(/[Nn]ot every organisation answered/);
  });
});
