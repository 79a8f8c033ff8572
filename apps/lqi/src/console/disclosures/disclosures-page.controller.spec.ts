import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { child } from '../../fixtures/set-mesh.js';
import { csrfOf, expectInert, script, startStaffedTown, type StaffedTown } from '../../fixtures/staffed-town.js';
import { listDisclosures } from '../../store/disclosures.js';

let staffed: StaffedTown;
beforeAll(async () => {
  staffed = await startStaffedTown();
}, 90_000);
afterAll(() => staffed.stop());

describe('the disclosure log', () => {
  beforeEach(async () => {
    const { knex } = staffed.node('schools').lqi.node.courier.store;
    await knex('disclosures').delete();
  });

  it('is useful when it is empty', async () => {
    const page = await (await staffed.signedIn('viewer', 'schools')).open('/disclosures');
    expect(page.text).toContain('Nothing has left yet');
  });

  it('names the auditor to whom a testimony went, also one that is called as a party is', async () => {
    const { knex } = staffed.node('schools').lqi.node.courier.store;
    for (const recipient of ['Public Audit Office', 'police'])
      await knex('disclosures').insert(staffed.row({ kind: 'testimony', recipient, requester: null }));
    const visitor = await staffed.signedIn('administrator', 'schools');
    const page = await visitor.open('/disclosures');
    expect(page.text.match(/Testimony to a query that is over, sealed to the auditor/g)).toHaveLength(2);
    for (const name of ['Public Audit Office', 'police']) expect(page.text).toContain(`>${name}</td>`);
    const csv = await visitor.open('/disclosures.csv');
    expect(csv.text).toContain(',Public Audit Office,');
  });

  it('with 10,000 rows is read page after page, and downloaded whole', async () => {
    const { knex } = staffed.node('schools').lqi.node.courier.store;
    const rows = Array.from({ length: 1000 }, () => staffed.row({}));
    for (let part = 0; part < 10; part++) await knex.batchInsert('disclosures', rows, 500);
    const visitor = await staffed.signedIn('administrator', 'schools');
    const began = performance.now();
    const first = await visitor.open('/disclosures');
    expect(performance.now() - began).toBeLessThan(2000);
    expect(first.text).toContain('10,000 rows');
    expect(Buffer.byteLength(first.text)).toBeLessThan(100_000);
    expectInert(first);
    const older = /href="(\/disclosures\?before=\d+)"/.exec(first.text)?.[1] ?? '';
    const second = await visitor.open(older);
    expect(second.text.match(/<time /g)).toHaveLength(50);
    const [last] = (await listDisclosures(knex, Date.now(), { limit: 10_000 })).slice(-1);
    expect((await visitor.open(`/disclosures?before=${last?.id}`)).text).toContain('There is nothing older');
    const csv = await visitor.open('/disclosures.csv');
    expect(csv.headers.get('content-disposition')).toContain('disclosures.csv');
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(10_001);
  }, 60_000);

  it('is searched for a person in a form, of which nothing is in the address, the title or the log', async () => {
    const { knex } = staffed.node('police').lqi.node.courier.store;
    const { gate } = staffed.node('police').lqi;
    const number = child(7, '').nhsNumber ?? '';
    const mark = gate.mark('nhs-number', number);
    for (let index = 0; index < 60; index++)
      await knex('disclosures').insert(staffed.row({ mark, kind: 'record', records: 1 }));
    const visitor = await staffed.signedIn('administrator');
    const page = await visitor.open('/disclosures');
    const typed = `${number.slice(0, 3)} ${number.slice(3)}`;
    const format = { format: 'nhs-number' };
    const found = await visitor.submit(page, '/disclosures', { ...format, value: typed });
    expect([found.status, found.url.href]).toEqual([200, `${staffed.node('police').url}/disclosures`]);
    expect(found.text).toContain('60 rows about this person');
    expect(/<title>([^<]*)/.exec(found.text)?.[1]).not.toContain(number.slice(3));
    const next = /name="before" value="(\d+)"/.exec(found.text)?.[1] ?? '';
    const rest = await visitor.submit(found, '/disclosures', { ...format, value: typed, before: next });
    expect(rest.text.match(/<time /g)).toHaveLength(10);
    const none = await visitor.submit(page, '/disclosures', { ...format, value: child(8, '').nhsNumber ?? '' });
    expect(none.text).toContain('Nothing left about this person');
    const wrong = await visitor.submit(page, '/disclosures', { ...format, value: `12${script}` });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="12&lt;script&gt;');
    expectInert(wrong);
    expect(staffed.node('police').lines.join()).not.toContain(number);
    const viewer = await staffed.signedIn('viewer');
    expect((await viewer.open('/disclosures')).text).not.toContain('Search for what left');
    const csrf = csrfOf(await viewer.open('/'));
    expect((await viewer.post('/disclosures', { _csrf: csrf, ...format, value: number })).status).toBe(403);
  });
});
