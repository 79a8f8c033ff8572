import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import { base64url, dispatch, type Letter } from '@anonymesh/protocol';
import { answer, refusal } from '@anonymesh/protocol-answering';
import { newKey } from '@anonymesh/trust';
import { refusedBy, rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { expectHonestAnswers, expectLoggedWithoutContent, expectRefused } from './attacked.js';
import { composeQuestion } from './compose-question.js';
import { forge, playParty, selfOf, type Attacker, type Forgery } from './play-party.js';

let mesh: TestMesh;
let hmrc: Attacker;

beforeAll(async () => {
  mesh = await startTestMesh();
  hmrc = await playParty(mesh, 'hmrc');
}, 90_000);
afterAll(async () => {
  await hmrc?.close();
  await mesh?.end();
});

const scalar = () => base64url(Buffer.concat([randomBytes(31), Buffer.alloc(1)]));
const someQuery = () => randomBytes(16).toString('hex');

type Said = Letter<{ agreement: string; masked: string; check: string }>;
/** An answer to a query that nobody has asked. */
const word = (change: Partial<Said> = {}): Omit<Said, 'from'> => ({
  to: 'aggregator',
  queryId: someQuery(),
  body: { agreement: hmrc.agreement.hash, masked: scalar(), check: scalar() },
  enclosure: 'a.b.c.d.e',
  ...change,
});
const forged = (forgery: Forgery, change: Partial<Said> = {}) => hmrc.post(answer, word(change), forgery);
const day = 86_400_000;

describe('a holder that sends the aggregator', () => {
  const attacks: readonly [what: string, code: string, attack: () => Promise<void>][] = [
    ['a letter signed with a key that nobody knows', 'unknown-key', () => forged({ by: newKey('Ed25519') })],
    [
      'a letter that names another’s key',
      'bad-signature',
      () => forged({ by: { ...hmrc.self.keyring.signing, kid: kidOf('dwp') } }),
    ],
    ['a letter in another’s name', 'wrong-sender', () => forged({ from: 'dwp' })],
    ['a letter for somebody else', 'not-for-you', () => forged({ deliveredTo: 'aggregator' }, { to: 'council' })],
    ['a letter sealed to another’s key', 'unknown-key', () => forged({ sealedFor: 'dwp' })],
    ['a letter sealed for another subject', 'malformed', () => forged({ on: 'mesh.aggregator.expect' })],
    ['a letter of sixteen days ago', 'too-old', () => forged({}, { issuedAt: Date.now() - 16 * day })],
    ['a letter of tomorrow', 'from-the-future', () => forged({}, { issuedAt: Date.now() + day })],
    ['what is larger than any letter', 'too-large', () => hmrc.publish('mesh.aggregator.answer', randomBytes(700_000))],
    ['what is no letter', 'malformed', () => hmrc.publish('mesh.aggregator.answer', Buffer.from('{}'))],
    ['nothing', 'malformed', () => hmrc.publish('mesh.aggregator.answer', Buffer.alloc(0))],
    [
      'a word under an agreement that is not there',
      'key-not-pinned',
      () => forged({}, { body: { ...word().body, agreement: scalar() } }),
    ],
  ];

  it.each(attacks)('%s is refused: %s', async (_, code, attack) => {
    await expectRefused(mesh, 'aggregator', code, attack);
  });

  it('another word after its own is refused, and the first one counts', async () => {
    await mesh.child('dwp').kill();
    const [, clear = applicant] = samples;
    const { queryId } = await mesh.ask(clear);
    await until('hmrc has answered', () => wordsOn(queryId).includes('hmrc'));
    await expectRefused(mesh, 'aggregator', 'replayed', () => hmrc.post(answer, word({ queryId })));
    await expectRefused(mesh, 'aggregator', 'replayed', () => {
      const { to, body } = word();
      return hmrc.post(refusal, { to, queryId, body: { agreement: body.agreement, code: 'source-failed' } });
    });
    await mesh.restart('dwp');
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'clear', answered: 3 });
    await expectRefused(mesh, 'aggregator', 'deadline-passed', () => hmrc.post(answer, word({ queryId })));
  }, 60_000);

  it('the same bytes twice is heard once', async () => {
    const letter = word();
    const { subject, sealed } = await forge(hmrc.self, answer, letter);
    await hmrc.publish(subject, sealed);
    await hmrc.publish(subject, sealed);
    const before = await refusedBy(mesh, 'aggregator', 'replayed');
    await expectRefused(mesh, 'aggregator', 'wrong-sender', () => forged({ from: 'dwp' })); // all before it is handled
    expect(wordsOn(letter.queryId ?? '')).toEqual(['hmrc']);
    expect(await refusedBy(mesh, 'aggregator', 'replayed')).toBe(before);
  });

  it('letters as if it were the coordinator: the broker does not carry them', async () => {
    const requester = selfOf(mesh, 'immigration');
    const { queryId, manifest, partOf, maskKeys } = await composeQuestion(requester, requester.agreement);
    const body = { manifest, part: partOf('dwp'), maskKeys };
    await expect(hmrc.post(dispatch, { to: 'dwp', queryId, body })).rejects.toThrow();
    await expect(hmrc.publish('mesh.requester.immigration.outcome', Buffer.from('x'))).rejects.toThrow();
  }, 30_000);

  it('anything of this leaves a code in its log, and honest people their answers', async () => {
    await expectLoggedWithoutContent(mesh, 'aggregator');
    await expectHonestAnswers(mesh);
  });
});

function kidOf(id: string): string {
  return hmrc.self.directory.parties.get(id)?.signing[0]?.kid ?? '';
}

function wordsOn(queryId: string): string[] {
  return rowsOf(mesh.dir, 'aggregator', 'select holder from words where query_id = ?', queryId).map(({ holder }) =>
    String(holder),
  );
}
