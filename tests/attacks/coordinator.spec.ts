import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { dispatch, expect as expectAnswers, relayOutcome, seal, signLetter } from '@anonymesh/protocol';
import { outcome } from '@anonymesh/protocol-outcome';
import { rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { concluded, expectHonestAnswers, expectLoggedWithoutContent, expectRefused } from './attacked.js';
import { composeQuestion, type BadFaith, type Composed } from './compose-question.js';
import { playParty, selfOf, type Attacker } from './play-party.js';

let mesh: TestMesh;
let coordinator: Attacker;

beforeAll(async () => {
  mesh = await startTestMesh({ terms: { deadlineSeconds: 5 } });
  coordinator = await playParty(mesh, 'coordinator');
}, 90_000);
afterAll(async () => {
  await coordinator?.close();
  await mesh?.end();
});

const holders = ['hmrc', 'dwp', 'council'] as const;
type Dispatched = Partial<Pick<Composed, 'queryId' | 'manifest' | 'maskKeys'>> & { readonly part?: string };

/** A question of the honest requester, which this coordinator treats as it likes. */
const question = (badFaith?: BadFaith) => composeQuestion(selfOf(mesh, 'immigration'), coordinator.agreement, badFaith);

const send = (to: string, asked: Composed, change: Dispatched = {}) => {
  const { queryId, manifest, maskKeys, part } = { ...asked, part: asked.partOf(to), ...change };
  return coordinator.post(dispatch, { to, queryId, body: { manifest, part, maskKeys } });
};
const announce = ({ queryId, manifest }: Composed) =>
  coordinator.post(expectAnswers, { to: 'aggregator', queryId, body: { manifest } });
const takenUp = (holder: string, { queryId }: Composed) =>
  rowsOf(mesh.dir, holder, 'select state from subqueries where query_id = ?', queryId).map(({ state }) => state);

describe('a coordinator', () => {
  it('that treats a question as it must gets it answered: what follows does not fail for another reason', async () => {
    const asked = await question();
    await announce(asked);
    for (const holder of holders) await send(holder, asked);
    expect(await concluded(mesh, asked.queryId)).toMatchObject({ outcome: 'concern', answered: 3 });
  });

  it('that invents a question is refused by holders and aggregator', async () => {
    const invented = await question({ by: coordinator.self.keyring.signing });
    await expectRefused(mesh, 'hmrc', 'wrong-sender', () => send('hmrc', invented));
    await expectRefused(mesh, 'aggregator', 'wrong-sender', () => announce(invented));
    expect(takenUp('hmrc', invented)).toEqual([]);
  });

  it('that sends holders different manifests learns nothing: both are referred', async () => {
    const [one, other] = [await question(), await question()];
    await announce(one);
    await announce(other);
    await send('hmrc', one);
    await send('dwp', other);
    await send('council', other);
    expect(await concluded(mesh, one.queryId)).toMatchObject({ outcome: 'refer', answered: 1 });
    expect(await concluded(mesh, other.queryId)).toMatchObject({ outcome: 'refer', answered: 2 });
  });

  it('that leaves a holder out gets no word of the others', async () => {
    const asked = await question();
    await announce(asked);
    await send('hmrc', asked);
    await send('dwp', asked);
    expect(await concluded(mesh, asked.queryId)).toMatchObject({ outcome: 'refer', code: 'not-all-answered' });
  });

  it('that mixes parts is refused by the holder, and the question is referred', async () => {
    const [asked, other] = [await question(), await question()];
    await announce(asked);
    await send('council', asked);
    await expectRefused(mesh, 'hmrc', 'parts-not-matching', () => send('hmrc', asked, { part: asked.partOf('dwp') }));
    await expectRefused(mesh, 'dwp', 'parts-not-matching', () => send('dwp', asked, { part: other.partOf('dwp') }));
    expect(await concluded(mesh, asked.queryId)).toMatchObject({
      outcome: 'refer',
      code: 'holder-refused',
      answered: 1,
    });
  });

  it('that names other mask keys is refused, or gets masks that do not cancel', async () => {
    const asked = await question();
    await announce(asked);
    const { hmrc = '', dwp = '', council = '' } = asked.maskKeys;
    const swapped = { maskKeys: { hmrc, dwp: council, council: dwp } };
    await expectRefused(mesh, 'hmrc', 'unknown-key', () => send('hmrc', asked, swapped));
    await expectRefused(mesh, 'dwp', 'unknown-key', () => send('dwp', asked, { maskKeys: { hmrc, dwp } }));
    await send('council', asked);
    expect(await concluded(mesh, asked.queryId)).toMatchObject({ outcome: 'refer', code: 'holder-refused' });
  });

  it('that asks again what was asked is refused', async () => {
    const asked = await mesh.ask(applicant);
    await mesh.ended(asked.queryId);
    const [kept] = rowsOf(mesh.dir, 'coordinator', 'select manifest from queries where id = ?', asked.queryId);
    const again = { ...(await question()), queryId: asked.queryId, manifest: String(kept?.['manifest']) };
    await expectRefused(mesh, 'hmrc', 'replayed', () => send('hmrc', again));
    expect(takenUp('hmrc', again)).toEqual(['answered']);
  });

  it('that moves a question under another query ID is refused', async () => {
    const [asked, other] = [await question(), await question()];
    const moved = { queryId: other.queryId };
    await expectRefused(mesh, 'council', 'query-differs', () => send('council', asked, moved));
    await expectRefused(mesh, 'aggregator', 'query-differs', () => announce({ ...asked, ...moved }));
  });

  it('that makes up an outcome is refused by the requester', async () => {
    const { queryId } = await mesh.ask(applicant);
    await mesh.ended(queryId);
    const [row] = rowsOf(mesh.dir, 'immigration', 'select nonce from queries where id = ?', queryId);
    const { hash: agreement } = coordinator.agreement;
    const key = coordinator.self.directory.sealingKey('immigration', Date.now());
    if (key === undefined) throw new Error('the requester has no key');
    const body = { agreement, outcome: 'clear', answered: 3, holders: 3, code: 'all-answered' } as const;
    for (const [from, code] of [
      ['coordinator', 'wrong-sender'],
      ['aggregator', 'wrong-sender'],
    ] as const) {
      const letter = await signLetter(
        outcome,
        { from, to: 'immigration', queryId, body },
        coordinator.self.keyring.signing,
      );
      const context = {
        message: 'outcome',
        nonce: String(row?.['nonce']),
        agreement,
        from: 'aggregator',
        to: 'immigration',
      };
      const sealed = seal(letter.text, key, context);
      const relay = () => coordinator.post(relayOutcome, { to: 'immigration', queryId, body: { sealed } });
      await expectRefused(mesh, 'immigration', code, relay);
    }
    expect(await mesh.view(queryId)).toMatchObject({ outcome: 'concern' });
  });

  it('leaves honest people their answers, and its victims’ logs no content', async () => {
    for (const victim of ['hmrc', 'dwp', 'council', 'aggregator', 'immigration'])
      await expectLoggedWithoutContent(mesh, victim);
    await expectHonestAnswers(mesh);
  });
});
