import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { retract } from '@anonymesh/protocol';
import { makeParties, type Parties } from '../../../../../tests/mesh/make-parties.js';
import { composeQuery } from '../../fixtures/paper-query.js';
import { caseworkerAt, type Caseworker } from '../../fixtures/people.js';
import { paperCoordinator, serveRequester } from '../../fixtures/serve-requester.js';
import { embeddedStore, type TemporaryStore } from '../../fixtures/temporary-stores.js';
import { insertQuery, type Query } from '../../store/queries.js';

let parties: Parties;
let temporary: TemporaryStore;
let requester: Awaited<ReturnType<typeof serveRequester>>;
let caseworker: Caseworker;
let query: Query;

beforeAll(async () => {
  parties = await makeParties();
});
beforeEach(async () => {
  temporary = await embeddedStore();
  requester = await serveRequester(parties, temporary.store, paperCoordinator(parties));
  query = { ...(await composeQuery(parties)), state: 'waiting', admitted: true, ask_at: null };
  await insertQuery(temporary.store.knex, query);
  caseworker = await caseworkerAt(requester);
});
afterEach(async () => {
  await requester.close();
  await temporary.remove();
});

const path = () => `/queries/${query.id}/take-back`;
const sent = () => requester.posted.filter(({ message }) => message === retract.name).length;

describe('taking a query back', () => {
  it('is offered in the list, asks whether it is meant, and has the mesh told', async () => {
    expect(caseworker.home.text).toContain(`href="${path()}"`);
    const asked = await caseworker.open(path());
    expect([asked.text.includes('Do you want to take this query back?'), sent()]).toEqual([true, 0]);
    const page = await caseworker.submit(asked, path());
    expect(page.text).toContain('You have taken the query back');
    expect(page.text).toContain('It ends as soon as the mesh knows.');
    expect(sent()).toBe(1);
    expect((await caseworker.open('/')).text).toContain('Being taken back');
  });

  it('twice, or once it is decided, does nothing', async () => {
    const asked = await caseworker.open(path());
    await caseworker.submit(asked, path());
    expect((await caseworker.submit(asked, path())).text).not.toContain('You have taken the query back');
    expect(sent()).toBe(1);
    await temporary.store.knex('queries').update({ state: 'decided', outcome: 'clear' });
    expect((await caseworker.open(path())).url.pathname).toBe(`/queries/${query.id}`);
    expect((await caseworker.open('/')).text).not.toContain(path());
  });

  it('is refused to another caseworker, and without the form’s token', async () => {
    const asked = await caseworker.open(path());
    const other = await caseworkerAt(requester, { sub: 'user-2' });
    expect((await other.open(path())).status).toBe(404);
    expect((await other.submit(other.home, '/sign-out')).status).toBe(200);
    expect((await caseworker.post(path(), {})).status).toBe(403);
    expect([asked.status, sent()]).toEqual([200, 0]);
  });
});
