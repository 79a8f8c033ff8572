import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeParties, makeParty, type Parties } from '../../../../tests/mesh/make-parties.js';
import { audit } from './audit.js';
import { makeAnswer, makeAnswers, signOutcome, type MadeAnswer } from './fixtures/make-answers.js';
import { makeQuery, somebody, type MadeQuery } from './fixtures/make-query.js';
import { verifySlip, type Found, type Portal } from './verify-slip.js';

const concerns = { hmrc: true, dwp: false, council: false };
const none = { hmrc: false, dwp: false, council: false };

let parties: Parties;
let query: MadeQuery;
let found: Found;
let portal: Portal;
let answers: MadeAnswer[];

beforeAll(async () => {
  parties = await makeParties();
  const { id, keyring, directory } = parties.self('appeal-portal');
  portal = { id, sealing: keyring.sealing, directory };
  query = await makeQuery(parties);
  found = findAs(query, parties, portal);
  answers = await makeAnswers(parties, query, concerns);
});

function findAs(made: MadeQuery, { trust }: Parties, as: Portal): Found {
  const claimed = { seed: made.seed, t: made.t, identity: somebody.niNumber };
  const verified = verifySlip(made.body, claimed, trust, as);
  if (typeof verified === 'string') throw new Error(verified);
  return verified;
}

/** Audits these answers under the outcome that they give, or under another. */
async function auditing(given: readonly MadeAnswer[], options: Parameters<typeof signOutcome>[3] = {}) {
  return audit(found, { outcome: await signOutcome(parties, query, given, options), answers: toldBy(given) }, portal);
}

function toldBy(given: readonly MadeAnswer[]) {
  return given.map(({ signed, explanation }) => ({ signed, explanation }));
}

function replaced(...others: MadeAnswer[]): MadeAnswer[] {
  return answers.map((each) => others.find(({ holder }) => holder === each.holder) ?? each);
}

describe('the audit of an outcome', () => {
  it('finds who had a concern when everything fits', async () => {
    const audited = await auditing(answers);
    expect(audited).toMatchObject({ outcome: 'concern' });
    const explanations = typeof audited === 'string' ? [] : audited.explanations;
    expect(explanations.filter(({ concern }) => concern)).toMatchObject([
      { holder: 'hmrc', reason: 'hmrc found something', contact: 'appeals@hmrc.example' },
    ]);
  });

  it('takes a clear outcome of which nobody had a concern', async () => {
    expect(await auditing(await makeAnswers(parties, query, none))).toMatchObject({ outcome: 'clear' });
  });

  it.each([
    ['not-all-answered', 2],
    ['holder-refused', 2],
    ['not-all-answered', 0],
  ] as const)('takes `refer` because of %s when %i answered', async (code, answered) => {
    const given = answers.slice(0, answered);
    expect(await auditing(given, { outcome: 'refer', code })).toMatchObject({ outcome: 'refer' });
  });

  it('takes `refer` for answers that disagree, if they do', async () => {
    const other = await makeQuery(parties, { fields: { ...somebody, niNumber: 'AB123457C' } });
    const elsewhere = await makeAnswer(parties, { ...other, queryId: query.queryId }, 'dwp', { concern: false });
    const masks = { masked: elsewhere.masked.toString('base64url'), check: elsewhere.check.toString('base64url') };
    const given = replaced(await makeAnswer(parties, query, 'dwp', { concern: false, masks }));
    expect(await auditing(given)).toMatchObject({ outcome: 'refer' });
    expect(await auditing(given, { outcome: 'clear', code: 'all-answered' })).toBe('masks-do-not-conclude');
  });

  it.each([
    [{ atLeast: 2 }, { hmrc: true, dwp: true, council: false }, 'concern'],
    [{ atLeast: 2 }, { hmrc: true, dwp: false, council: false }, 'clear'],
    ['all', { hmrc: true, dwp: true, council: true }, 'concern'],
    ['all', { hmrc: true, dwp: true, council: false }, 'clear'],
  ] as const)('understands the combination %j', async (combination, flags, outcome) => {
    const mesh = await makeParties({ combination });
    const { id, keyring, directory } = mesh.self('appeal-portal');
    const own = { id, sealing: keyring.sealing, directory };
    const asked = await makeQuery(mesh);
    const given = await makeAnswers(mesh, asked, flags);
    const reply = { outcome: await signOutcome(mesh, asked, given), answers: toldBy(given) };
    expect(audit(findAs(asked, mesh, own), reply, own)).toMatchObject({ outcome });
  });

  it('keeps to what keys signed that have been retired since', async () => {
    const retired: Portal = { ...portal, directory: { ...portal.directory, signer: () => undefined } };
    const reply = { outcome: await signOutcome(parties, query, answers), answers: toldBy(answers) };
    expect(audit(found, reply, retired)).toMatchObject({ outcome: 'concern' });
  });
});

describe('the audit catches an aggregator that', () => {
  it.each(['clear', 'refer'] as const)('says `%s` of answers with a concern', async (outcome) => {
    const code = outcome === 'refer' ? 'answers-disagree' : 'all-answered';
    expect(await auditing(answers, { outcome, code })).toBe('masks-do-not-conclude');
  });

  it('says `concern` of answers without one', async () => {
    const given = await makeAnswers(parties, query, none);
    expect(await auditing(given, { outcome: 'concern', code: 'all-answered' })).toBe('masks-do-not-conclude');
  });

  it.each(['not-all-answered', 'holder-refused'] as const)('says `refer` for %s when all answered', async (code) => {
    expect(await auditing(answers, { outcome: 'refer', code })).toBe('outcome-refused');
  });

  it('says that answers disagree of which one is missing', async () => {
    const given = answers.slice(0, 2);
    expect(await auditing(given, { outcome: 'refer', code: 'answers-disagree' })).toBe('outcome-refused');
  });

  it('hides an explanation', async () => {
    const reply = { outcome: await signOutcome(parties, query, answers), answers: toldBy(answers.slice(1)) };
    expect(audit(found, reply, portal)).toBe('answers-missing');
  });

  it('shows one answer more than it says answered', async () => {
    const outcome = await signOutcome(parties, query, answers.slice(0, 2));
    expect(audit(found, { outcome, answers: toldBy(answers) }, portal)).toBe('answers-missing');
  });

  it('counts one holder twice in place of another', async () => {
    const [first, second] = answers as [MadeAnswer, MadeAnswer];
    expect(await auditing([first, second, first])).toBe('answer-differs');
  });

  it('signs for another query, agreement or number of holders', async () => {
    const other = await makeQuery(parties);
    const agreement = (await parties.agree({ version: 2 })).hash;
    expect(await auditing(answers, { queryId: other.queryId })).toBe('outcome-differs');
    expect(await auditing(answers, { agreement })).toBe('outcome-differs');
    expect(await auditing(answers.slice(0, 2), { holders: 2, outcome: 'clear', code: 'all-answered' })).toBe(
      'outcome-differs',
    );
  });

  it('is not the one that was agreed on', async () => {
    const impostor = { ...makeParty('aggregator', 'aggregator'), id: 'aggregator' };
    expect(await auditing(answers, { signer: impostor })).toBe('outcome-refused');
    expect(await auditing(answers, { signer: parties.party('hmrc') })).toBe('outcome-refused');
  });

  it.each([
    ['aggregator', 'outcome-differs'],
    ['hmrc', 'answer-differs'],
  ])('speaks for a %s whose identity is not the pinned one', async (id, code) => {
    const isParty: Found['signed']['isParty'] = (who) => who.id !== id && found.signed.isParty(who);
    const reply = { outcome: await signOutcome(parties, query, answers), answers: toldBy(answers) };
    expect(audit({ ...found, signed: { ...found.signed, isParty } }, reply, portal)).toBe(code);
  });

  it('brings answers to another query of the same person', async () => {
    const other = await makeQuery(parties);
    const moved = await makeAnswers(parties, other, concerns);
    expect(audit(found, { outcome: await signOutcome(parties, query, moved), answers: toldBy(moved) }, portal)).toBe(
      'answer-differs',
    );
  });

  it('changes a masked flag, which it cannot sign', async () => {
    const [first, ...others] = toldBy(answers) as [{ signed: string; explanation: string }];
    const [head, payload = '', signature] = first.signed.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { body: { masked: string } };
    claims.body.masked = answers[1]?.masked.toString('base64url') ?? '';
    const forged = [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    const outcome = await signOutcome(parties, query, answers);
    expect(audit(found, { outcome, answers: [{ ...first, signed: forged }, ...others] }, portal)).toBe(
      'answer-refused',
    );
  });

  it('swaps the explanations of two holders', async () => {
    const [first, second, third] = toldBy(answers) as [MadeAnswer, MadeAnswer, MadeAnswer];
    const swapped = [
      { signed: first.signed, explanation: second.explanation },
      { signed: second.signed, explanation: first.explanation },
      third,
    ];
    const outcome = await signOutcome(parties, query, answers);
    expect(audit(found, { outcome, answers: swapped }, portal)).toBe('answer-refused');
  });
});

describe('the audit catches a holder that', () => {
  const auditingWith = async (options: Partial<Parameters<typeof makeAnswer>[3]>) =>
    auditing(replaced(await makeAnswer(parties, query, 'hmrc', { concern: true, ...options })), {
      outcome: 'concern',
      code: 'all-answered',
    });

  it('explains another person', async () => {
    expect(await auditingWith({ explanation: { subjectKey: 'AB123457C' } })).toBe('explanation-of-another-person');
  });

  it('explains another query', async () => {
    expect(await auditingWith({ explanation: { queryId: '0'.repeat(32) } })).toBe('explanation-not-opened');
  });

  it('says there is no concern, and masks that there is', async () => {
    expect(await auditingWith({ explanation: { concern: false } })).toBe('flags-do-not-conclude');
  });

  it('is no holder of the agreement', async () => {
    expect(await auditingWith({ signer: parties.party('immigration') })).toBe('answer-refused');
    expect(await auditingWith({ signer: makeParty('hmrc', 'holder') })).toBe('answer-refused');
  });

  it('lets another holder sign the explanation', async () => {
    expect(await auditingWith({ explainer: parties.party('dwp') })).toBe('explanation-not-opened');
  });
});

describe('the audit takes nothing that is not', () => {
  it.each(['', 'a.b.c', 'not a letter'])('a letter: %j', async (text) => {
    const [first] = toldBy(answers) as [{ signed: string; explanation: string }];
    expect(audit(found, { outcome: text, answers: [] }, portal)).toBe('outcome-refused');
    const outcome = await signOutcome(parties, query, answers);
    expect(audit(found, { outcome, answers: [{ ...first, signed: text }] }, portal)).toBe('answer-refused');
  });

  it('sealed to this portal and this reference', async () => {
    const other = await makeQuery(parties);
    const reply = { outcome: await signOutcome(parties, query, answers), answers: toldBy(answers) };
    expect(audit({ ...found, queryKey: other.queryKey.own }, reply, portal)).toBe('explanation-not-opened');
    expect(audit(found, reply, { ...portal, sealing: () => undefined })).toBe('explanation-not-opened');
  });
});
