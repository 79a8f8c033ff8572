import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordFiles, samples, type Sample } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import { logOf, refusedBy, rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';

let mesh: TestMesh;

beforeAll(async () => {
  mesh = await startTestMesh({ terms: { deadlineSeconds: 12 } });
}, 90_000);
afterAll(() => mesh?.end());

const named = (surname: string): Sample => {
  const found = samples.find(({ fields }) => fields.surname === surname);
  if (found === undefined) throw new Error(`no sample person is called ${surname}`);
  return found;
};
/** Nobody has a concern: what one must never be told before every holder has answered. */
const clear = named('Nowak');
const everyConcern = named('Petrova');

const stateAt = (holder: string, queryId: string) =>
  rowsOf(mesh.dir, holder, 'select state, code from subqueries where query_id = ?', queryId);

describe('a holder that is down', () => {
  it('makes it refer at the deadline, and drops the question when it comes back', async () => {
    await mesh.child('council').kill();
    const asked = await Promise.all([mesh.ask(clear), mesh.ask(everyConcern)]);
    const { queryId } = asked[0];
    // While it waits it is told how many have answered, and no word.
    const waiting = await until('two have answered', async () => {
      const view = await mesh.view(queryId);
      return view.answered === 2 && view;
    });
    expect(waiting).toEqual({
      queryId,
      kind: 'check',
      state: 'waiting',
      answered: 2,
      holders: 3,
      deadline: expect.any(String),
    });
    for (const each of asked)
      expect(await mesh.ended(each.queryId)).toMatchObject({ outcome: 'refer', answered: 2, code: 'not-all-answered' });
    await mesh.restart('council');
    await until('both are dropped', async () => (await refusedBy(mesh, 'council', 'deadline-passed')) === 2);
    const dropped = (await logOf(mesh, 'council')).filter(({ code }) => code === 'deadline-passed');
    expect(dropped.map(({ query }) => query).sort()).toEqual(asked.map((each) => each.queryId).sort());
    expect(stateAt('council', queryId)).toEqual([]);
    expect(await mesh.view(queryId)).toMatchObject({ outcome: 'refer', answered: 2 });
    // The subject is told of the others' concerns: it is not their fault that one was missing.
    expect(await mesh.explain(everyConcern, asked[1].reference)).toMatchObject({
      outcome: 'refer',
      holders: ['dwp', 'hmrc'],
    });
  }, 60_000);

  it('answers what is still open when it comes back in time', async () => {
    await mesh.child('dwp').kill();
    const { queryId } = await mesh.ask(clear);
    await mesh.restart('dwp');
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'clear', answered: 3 });
    expect(stateAt('dwp', queryId)).toEqual([{ state: 'answered', code: null }]);
  }, 60_000);
});

describe('a holder whose database fails', () => {
  it('answers when it works again in time', async () => {
    const records = join(placesOf(mesh.dir, 'hmrc').data, recordFiles.hmrc);
    const content = await readFile(records);
    await writeFile(records, Buffer.alloc(content.length, 'no database '));
    const { queryId } = await mesh.ask(clear);
    await until('it has tried', () => Number(triesAt('hmrc', queryId)) > 0);
    await writeFile(records, content);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'clear', answered: 3 });
  }, 60_000);

  it('refuses before the deadline when it does not, which makes it refer', async () => {
    const records = join(placesOf(mesh.dir, 'dwp').data, recordFiles.dwp);
    await rename(records, `${records}.moved`);
    const { queryId } = await mesh.ask(clear);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', answered: 2, code: 'holder-refused' });
    expect(stateAt('dwp', queryId)).toEqual([{ state: 'refused', code: 'source-failed' }]);
    await rename(`${records}.moved`, records);
    const again = await mesh.ask(clear);
    expect(await mesh.ended(again.queryId)).toMatchObject({ outcome: 'clear', answered: 3 });
  }, 60_000);

  it('refuses where the records have another shape than was agreed', async () => {
    const records = join(placesOf(mesh.dir, 'council').data, recordFiles.council);
    const content = await readFile(records);
    await mesh.child('council').stop();
    await rm(records);
    await writeFile(records, '');
    await mesh.restart('council');
    const { queryId } = await mesh.ask(clear);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', code: 'holder-refused' });
    expect(stateAt('council', queryId)).toEqual([{ state: 'refused', code: 'source-unfit' }]);
    await mesh.child('council').stop();
    await writeFile(records, content);
    await mesh.restart('council');
    const again = await mesh.ask(clear);
    expect(await mesh.ended(again.queryId)).toMatchObject({ outcome: 'clear' });
  }, 60_000);
});

describe('an aggregator that is down at the deadline', () => {
  it('leaves the requester with refer, which no later outcome changes', async () => {
    await mesh.child('aggregator').kill();
    const { queryId } = await mesh.ask(clear);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', code: 'no-outcome-in-time' });
    await mesh.restart('aggregator');
    await until(
      'the answers have been refused',
      async () => (await refusedBy(mesh, 'aggregator', 'deadline-passed')) > 0,
    );
    expect(await mesh.view(queryId)).toMatchObject({ outcome: 'refer', code: 'no-outcome-in-time' });
  }, 60_000);
});

function triesAt(holder: string, queryId: string): unknown {
  return rowsOf(mesh.dir, holder, 'select tries from subqueries where query_id = ?', queryId)[0]?.['tries'];
}
