import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant, recordFiles, samples } from '@anonymesh/examples';
import { placesOf, signInSubject } from '@anonymesh/founding';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { readEvents } from './read-events.js';

let mesh: TestMesh;

beforeAll(async () => {
  mesh = await startTestMesh();
}, 90_000);
afterAll(() => mesh?.end());

describe('a check on one person', () => {
  it.each(samples.map((person) => [person.story, person] as const))('goes as it must where %s', async (_, person) => {
    const asked = await mesh.ask(person);
    expect(await mesh.ended(asked.queryId)).toMatchObject({ outcome: person.outcome, answered: 3, holders: 3 });
    const explained = await mesh.explain(person, asked.reference);
    expect(explained).toMatchObject({ outcome: person.outcome, askedBy: 'Immigration Office' });
    expect(explained.holders).toEqual([...person.concerns].sort());
    for (const { reason, contact } of explained.concerns) expect([reason, contact]).not.toContain('');
  });

  it('can be followed as events until its outcome, by who asked and by nobody else', async () => {
    const { queryId } = await mesh.ask(applicant);
    const events = await readEvents(await mesh.caseworker.send('GET', `/api/v1/queries/${queryId}/events`));
    expect(events.at(-1)).toMatchObject({ event: 'outcome', data: { queryId, state: 'decided', outcome: 'concern' } });
    for (const { event } of events.slice(0, -1)) expect(event).toBe('progress');
    const anonymous = await fetch(`${mesh.url('immigration')}/api/v1/queries/${queryId}/events`);
    expect(anonymous.status).toBe(401);
  });

  it('shows nothing to the portal’s visitor before there is an outcome, nor under another’s reference', async () => {
    const [, other = applicant] = samples;
    const { queryId, reference } = await mesh.ask(applicant);
    await mesh.ended(queryId);
    await expect(mesh.explain(other, reference)).rejects.toThrow('404 not-explained');
  });

  it('is made anew under the same reference when the person has put things right', async () => {
    const asked = await mesh.ask(applicant);
    expect(await mesh.ended(asked.queryId)).toMatchObject({ outcome: 'concern' });
    expect(await mesh.explain(applicant, asked.reference)).toMatchObject({ holders: ['hmrc'] });
    recordWork(applicant.fields.niNumber);
    const subject = await signInSubject(mesh, applicant);
    const wished = await subject.send('POST', '/api/v1/rechecks', { reference: asked.reference });
    expect([wished.status, await wished.json()]).toEqual([202, { state: 'asked' }]);
    const recheck = await until('the re-check has ended', newestRecheck);
    expect(recheck).toMatchObject({ outcome: 'clear' });
    expect(recheck['queryId']).not.toBe(asked.queryId);
    expect(await mesh.explain(applicant, asked.reference)).toMatchObject({ outcome: 'clear', holders: [] });
    expect(await mesh.view(asked.queryId)).toMatchObject({ outcome: 'concern' });
  }, 60_000);
});

/** HMRC puts its own record right, in its own database. */
function recordWork(niNumber: string): void {
  const records = new DatabaseSync(join(placesOf(mesh.dir, 'hmrc').data, recordFiles.hmrc));
  records
    .prepare("insert into spell (ni_number, kind, began, ended) values (?, 'self-employment', '2017-01-01', null)")
    .run(niNumber);
  records.close();
}

async function newestRecheck(): Promise<Record<string, unknown> | undefined> {
  const { queries } = (await mesh.caseworker.call('GET', '/api/v1/queries')) as { queries: Record<string, unknown>[] };
  return queries.find((query) => query['recheck'] === true && query['state'] === 'decided');
}
