import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { dispatch, expect as expectAnswers, relayOutcome, retract, seal, signLetter } from '@anonymesh/protocol';
import { outcome } from '@anonymesh/protocol-outcome';
import { composeRetraction } from '../mesh/compose-retraction.js';
import { rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { concluded, expectHonestAnswers, expectLoggedWithoutContent, expectRefused } from './attacked.js';
import { composeQuestion, type Composed } from './compose-question.js';
import { playParty, selfOf, type Attacker } from './play-party.js';

let mesh: TestMesh;
let coordinator: Attacker;
let hmrc: Attacker;

beforeAll(async () => {
  mesh = await startTestMesh({ terms: { deadlineSeconds: 5 } });
  coordinator = await playParty(mesh, 'coordinator');
  hmrc = await playParty(mesh, 'hmrc');
}, 90_000);
afterAll(async () => {
  await hmrc?.close();
  await coordinator?.close();
  await mesh?.end();
});

const holders = ['hmrc', 'dwp', 'council'] as const;
const question = () => composeQuestion(selfOf(mesh, 'immigration'), coordinator.agreement);
const send = (to: string, { queryId, manifest, maskKeys, partOf }: Composed) =>
  coordinator.post(dispatch, { to, queryId, body: { manifest, part: partOf(to), maskKeys } });
const announce = ({ queryId, manifest }: Composed) =>
  coordinator.post(expectAnswers, { to: 'aggregator', queryId, body: { manifest } });

/** As the requester signs it, or another party. */
const taken = ({ manifest }: Composed, by: string, change = {}) =>
  composeRetraction(manifest, { id: by, signing: selfOf(mesh, by).keyring.signing }, change);
const pass = (to: string, { queryId, body }: Awaited<ReturnType<typeof taken>>, as = coordinator) =>
  as.post(retract, { to, queryId, body });
const stateAt = (holder: string, { queryId }: Composed) =>
  rowsOf(mesh.dir, holder, 'select state from subqueries where query_id = ?', queryId).map(({ state }) => state);

describe('a coordinator that wants a query gone', () => {
  it('cannot take it back itself, in its own name or in the requester’s', async () => {
    const asked = await question();
    await announce(asked);
    await send('hmrc', asked);
    for (const change of [{}, { requester: 'immigration' }])
      for (const victim of ['dwp', 'aggregator'])
        await expectRefused(mesh, victim, 'wrong-sender', async () =>
          pass(victim, await taken(asked, 'coordinator', change)),
        );
    await send('dwp', asked);
    await send('council', asked);
    expect(await concluded(mesh, asked.queryId)).toMatchObject({ outcome: 'concern', answered: 3 });
  });

  it('cannot use what the requester has said of another query', async () => {
    const [asked, other] = [await question(), await question()];
    await announce(asked);
    const { retraction } = (await taken(other, 'immigration')).body;
    const moved = { queryId: asked.queryId, body: { manifest: asked.manifest, retraction } };
    for (const victim of ['council', 'aggregator'])
      await expectRefused(mesh, victim, 'query-differs', () => pass(victim, moved));
    const renamed = { ...(await taken(other, 'immigration')), queryId: asked.queryId };
    await expectRefused(mesh, 'aggregator', 'query-differs', () => pass('aggregator', renamed));
    for (const holder of holders) await send(holder, asked);
    expect(await concluded(mesh, asked.queryId)).toMatchObject({ outcome: 'concern', answered: 3 });
  });

  it('that tells holders only makes it refer; that tells the aggregator only has it taken back all the same', async () => {
    const [one, other] = [await question(), await question()];
    for (const asked of [one, other]) await announce(asked);
    for (const holder of holders) await pass(holder, await taken(one, 'immigration'));
    await pass('aggregator', await taken(other, 'immigration'));
    expect(await concluded(mesh, other.queryId)).toMatchObject({ outcome: 'retracted', answered: 0 });
    for (const holder of holders) {
      await expectRefused(mesh, holder, 'replayed', () => send(holder, one));
      await send(holder, other);
    }
    expect(await concluded(mesh, one.queryId)).toMatchObject({ outcome: 'refer', code: 'not-all-answered' });
    expect(rowsOf(mesh.dir, 'aggregator', 'select holder from words where query_id = ?', other.queryId)).toEqual([]);
  });

  it('cannot tell the requester that a query was taken back which nobody has taken back', async () => {
    const { queryId } = await mesh.ask(applicant);
    await mesh.ended(queryId);
    const [row] = rowsOf(mesh.dir, 'immigration', 'select nonce from queries where id = ?', queryId);
    const key = coordinator.self.directory.sealingKey('immigration', Date.now());
    if (key === undefined) throw new Error('the requester has no key');
    const { hash: agreement } = coordinator.agreement;
    const body = { agreement, outcome: 'retracted', answered: 0, holders: 3, code: 'retracted' } as const;
    const letter = await signLetter(
      outcome,
      { from: 'aggregator', to: 'immigration', queryId, body },
      coordinator.self.keyring.signing,
    );
    const bound = {
      message: 'outcome',
      nonce: String(row?.['nonce']),
      agreement,
      from: 'aggregator',
      to: 'immigration',
    };
    const sealed = seal(letter.text, key, bound);
    const relay = () => coordinator.post(relayOutcome, { to: 'immigration', queryId, body: { sealed } });
    await expectRefused(mesh, 'immigration', 'wrong-sender', relay);
    expect(await mesh.view(queryId)).toMatchObject({ outcome: 'concern' });
  });
});

describe('others that want a query gone', () => {
  it('reach nobody on the broker', async () => {
    const asked = await question();
    for (const victim of ['dwp', 'aggregator', 'coordinator'])
      await expect(pass(victim, await taken(asked, 'immigration'), hmrc)).rejects.toThrow();
  });

  it('leave no mark: it has not been taken back anywhere', async () => {
    const asked = await question();
    await announce(asked);
    for (const holder of holders) await send(holder, asked);
    expect(await concluded(mesh, asked.queryId)).toMatchObject({ outcome: 'concern' });
    for (const holder of holders) expect(stateAt(holder, asked)).toEqual(['answered']);
    // Taken back by the requester itself, it is too late: what was decided stands.
    for (const to of [...holders, 'aggregator']) await pass(to, await taken(asked, 'immigration'));
    await expectHonestAnswers(mesh);
    expect(await concluded(mesh, asked.queryId)).toMatchObject({ outcome: 'concern' });
    for (const holder of holders) expect(stateAt(holder, asked)).toEqual(['answered']);
  });

  it('leave honest people their answers, and victims’ logs no content', async () => {
    for (const victim of ['dwp', 'council', 'aggregator', 'immigration'])
      await expectLoggedWithoutContent(mesh, victim);
    await expectHonestAnswers(mesh);
  });
});
