import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples, type Sample } from '@anonymesh/examples';
import { ask } from '@anonymesh/protocol';
import { refusedBy } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { concluded, expectHonestAnswers, expectLoggedWithoutContent } from './attacked.js';
import { composeQuestion, type BadFaith, type Composed } from './compose-question.js';
import { forge, playParty, type Attacker } from './play-party.js';

let mesh: TestMesh;
let requester: Attacker;

beforeAll(async () => {
  mesh = await startTestMesh({ terms: { deadlineSeconds: 30 } });
  requester = await playParty(mesh, 'immigration');
}, 90_000);
afterAll(async () => {
  await requester?.close();
  await mesh?.end();
});

const compose = (badFaith?: BadFaith) => composeQuestion(requester.self, requester.agreement, badFaith);
const put = ({ queryId, manifest, parts, slip }: Composed) =>
  requester.request(ask, { to: 'coordinator', queryId, body: { manifest, parts: [...parts], slip } });

const admitted = { accepted: { admitted: true } };
const [, clear = applicant, dwpOnly = applicant, councilOnly = applicant, everyConcern = applicant] = samples;
const minute = 60_000;

describe('a requester', () => {
  const different: readonly [string, Record<string, Sample>][] = [
    ['a person without concerns and one with', { hmrc: clear, dwp: clear, council: councilOnly }],
    ['three people', { hmrc: clear, dwp: dwpOnly, council: everyConcern }],
    ['two people of whom each holder has a concern', { hmrc: everyConcern, dwp: everyConcern, council: councilOnly }],
  ];
  it.each(different)('that asks different holders about %s is referred, and learns no flag', async (_, about) => {
    const asked = await compose({ about: (holder) => about[holder] ?? applicant });
    expect(await put(asked)).toEqual(admitted);
    expect(await concluded(mesh, asked.queryId)).toMatchObject({
      outcome: 'refer',
      code: 'answers-disagree',
      answered: 3,
    });
  });

  it('that sends a holder more or less than was agreed is refused by that holder', async () => {
    for (const receives of [
      (holder: string, agreed: readonly string[]) => (holder === 'dwp' ? ['niNumber', 'postcode'] : agreed),
      (holder: string, agreed: readonly string[]) => (holder === 'hmrc' ? ['niNumber', 'surname'] : agreed),
    ]) {
      const asked = await compose({ receives });
      expect(await put(asked)).toEqual(admitted);
      expect(await concluded(mesh, asked.queryId)).toMatchObject({
        outcome: 'refer',
        code: 'holder-refused',
        answered: 2,
      });
    }
    expect(await refusedBy(mesh, 'hmrc', 'fields-not-agreed')).toBe(1);
  });

  it.each([
    ['in a role that may not ask', { role: 'director' }, 'role-not-allowed'],
    ['under an agreement that is not there', { agreement: 'A'.repeat(43) }, 'unknown-agreement'],
    ['from the future', { issuedAt: Date.now() + 60 * minute }, 'from-the-future'],
    ['past its deadline', { issuedAt: Date.now() - minute }, 'deadline-passed'],
    ['with a slip that is another', { slip: 'A'.repeat(43) }, 'parts-not-matching'],
  ])('that asks %s is refused', async (_, change, code) => {
    expect(await put(await compose({ change }))).toEqual({ refused: code });
  });

  it('that asks fewer holders, others’ parts or under another ID is refused', async () => {
    const [asked, other] = [await compose(), await compose()];
    const without = asked.parts.filter(({ holder }) => holder !== 'dwp');
    expect(await put({ ...asked, parts: without })).toEqual({ refused: 'parts-not-matching' });
    expect(await put({ ...asked, parts: other.parts })).toEqual({ refused: 'parts-not-matching' });
    expect(await put({ ...asked, queryId: other.queryId })).toEqual({ refused: 'query-differs' });
  });

  it('that asks twice has asked once, and cannot take another’s lookup id', async () => {
    const asked = await compose();
    expect(await put(asked)).toEqual(admitted);
    expect(await put(asked)).toEqual(admitted);
    expect(await concluded(mesh, asked.queryId)).toMatchObject({ outcome: 'concern', answered: 3 });
    const payload = Buffer.from(asked.manifest.split('.')[1] ?? '', 'base64url').toString();
    const { lookupId } = JSON.parse(payload) as { lookupId: string };
    expect(await put(await compose({ change: { lookupId } }))).toEqual({ refused: 'lookup-taken' });
  });

  it('that signs as nobody knows gets no answer', async () => {
    const { queryId, manifest, parts, slip } = await compose();
    const body = { manifest, parts: [...parts], slip };
    const key = { ...requester.self.keyring.signing, kid: 'A'.repeat(43) };
    const forger = { ...requester.self, keyring: { ...requester.self.keyring, signing: key } };
    const before = await refusedBy(mesh, 'coordinator', 'unknown-key');
    const { subject, sealed } = await forge(forger, ask, { to: 'coordinator', queryId, body });
    await expect(requester.party.connection.request(subject, sealed, { timeout: 500 })).rejects.toThrow();
    expect(await refusedBy(mesh, 'coordinator', 'unknown-key')).toBe(before + 1);
  });

  it('leaves honest people their answers, and its victims’ logs no content', async () => {
    await expectLoggedWithoutContent(mesh, 'coordinator');
    await expectHonestAnswers(mesh);
  });
});
