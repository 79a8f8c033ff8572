import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { childrenFiles } from '@anonymesh/examples';
import { placesOf, signInApprover } from '@anonymesh/founding';
import { canonicalText, type PartyId, type SetAgreement } from '@anonymesh/protocol';
import { selfOf } from '../attacks/play-party.js';
import { untilNothingIsLeft } from '../mesh/left-by-sets.js';
import { rowsOf } from '../mesh/read-mesh.js';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { until } from '../mesh/until.js';
import { findIn, needlesFor, type Needle } from './find-canary.js';
import { groupNeedles } from './group-needles.js';
import { openView, type SeenLetter } from './open-views.js';
import { meetChild, planted, plantChildren } from './plant-children.js';
import { searchAnswers, searchFiles } from './search-mesh.js';
import { tapBroker, type Tap } from './tap.js';

type Name = keyof typeof planted;

const names = ['both', 'health-trust', 'police'] as const satisfies Name[];
const holders = ['health-trust', 'police'] as const;
const plain = new Map<Name, readonly Needle[]>(names.map((name) => [name, needlesOf(name)]));
let mesh: SetMesh;
let tap: Tap;
/** Everything of every child: in clear, hashed, and on its way into the group in each query that was asked. */
const everything: Needle[] = [...plain.values()].flat();
const asked: string[] = [];

beforeAll(async () => {
  mesh = await startSetMesh({
    sizes: { healthTrust: 40, police: 50, schools: 0, common: 4 },
    variants: { approved: { release: 'on-approval' } },
    prepare: async (founded) => {
      await plantChildren(founded.dir);
      tap = await tapBroker(founded);
    },
  });
}, 90_000);
afterAll(async () => {
  await mesh?.end();
  await tap?.close();
});

/** Names and addresses as typed and in canonical form: a hash is of one or the other. */
function needlesOf(name: Name): Needle[] {
  const { nhsNumber, givenName, surname, postcode } = planted[name];
  const canonical = [canonicalText('name', surname), canonicalText('postcode', postcode)].map(String);
  return needlesFor([...new Set([nhsNumber, givenName, surname, postcode, ...canonical])]);
}

async function ask(agreement: string): Promise<string> {
  const queryId = await mesh.ask(agreement);
  asked.push(queryId);
  for (const name of names) everything.push(...(await groupNeedles(agreementOf(agreement), queryId, planted[name])));
  return queryId;
}

/** Where somebody else than the child's own holders has something of it; its holders have it in their records only. */
async function searchEverywhere(): Promise<readonly string[]> {
  const data = (holder: PartyId) => placesOf(mesh.dir, holder).data;
  const { found, searched } = await searchFiles(mesh, everything, holders.map(data));
  expect(searched).toBeGreaterThan(40);
  const others = await Promise.all([
    searchFiles(mesh, plain.get('police') ?? [], [data('police')]),
    searchFiles(mesh, plain.get('health-trust') ?? [], [data('health-trust')]),
  ]);
  return [...found, ...others.flatMap((other) => other.found)];
}

describe('a child on a list', () => {
  it('is found where it may stand: in the records of its own holders', async () => {
    for (const [holder, file] of Object.entries(childrenFiles).slice(0, 2)) {
      const records = await readFile(join(placesOf(mesh.dir, holder).data, file));
      for (const name of names)
        expect([holder, name, findIn(records, plain.get(name) ?? [])]).toEqual([
          holder,
          name,
          name === 'both' || name === holder ? expect.arrayContaining(['text']) : [],
        ]);
    }
  });

  it('stands nowhere else while lists and tokens are under way, not even at its own holders', async () => {
    await mesh.child('aggregator').kill();
    const queryId = await ask('at-risk-children');
    const told = 'select told from set_queries where query_id = ? and records > 0 and told = records';
    for (const holder of holders)
      await until(`${holder} has sent its tokens`, () => rowsOf(mesh.dir, holder, told, queryId).length === 1);
    expect(await searchEverywhere()).toEqual([]);
    await mesh.restart('aggregator');
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released', people: 5 });
    expect(await searchEverywhere()).toEqual([]);
  }, 60_000);

  it('is told to who asked if both hold it; otherwise nothing is', async () => {
    const told = await Promise.all(
      ['', '/records', '/records.csv'].map(async (path) => {
        const answer = await mesh.socialWorker.send('GET', `/api/v1/queries/${asked[0]}${path}`);
        return Buffer.from(await answer.text());
      }),
    );
    const all = Buffer.concat(told);
    expect(all.length).toBeGreaterThan(1000);
    expect(all.includes(planted.both.surname)).toBe(true);
    for (const name of holders) expect([name, findIn(all, plain.get(name) ?? [])]).toEqual([name, []]);
  });

  it('stands nowhere else while people decide, nor after they have', async () => {
    const queryId = await ask('approved');
    for (const holder of holders) {
      const approver = await signInApprover(mesh, holder);
      const approvals = await until(`${holder} is asked`, async () => {
        const list = (await approver.call('GET', '/api/v1/approvals')) as { approvals: { id: string }[] };
        return list.approvals.length > 0 && list.approvals;
      });
      if (holder === 'health-trust') expect(await searchEverywhere()).toEqual([]);
      const shown = Buffer.from(JSON.stringify(approvals));
      expect(shown.includes(planted.both.surname)).toBe(true);
      for (const name of holders) expect([name, findIn(shown, plain.get(name) ?? [])]).toEqual([name, []]);
      for (const { id } of approvals) await approver.send('POST', `/api/v1/approvals/${id}`, { decision: 'approve' });
    }
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released' });
    expect(JSON.stringify(await mesh.records(queryId))).toContain(planted.both.surname);
    expect(await searchEverywhere()).toEqual([]);
  }, 60_000);

  it('that is written down wrongly is not quoted by who complains of it', async () => {
    const wrong = { ...planted.police, nhsNumber: '9997359187', surname: 'Featherstone-Ozturk' };
    meetChild(mesh.dir, -9, wrong);
    const queryId = await mesh.ask();
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', code: 'set-unfit' });
    const needles = needlesFor([wrong.nhsNumber, wrong.surname]);
    expect((await searchFiles(mesh, needles, [placesOf(mesh.dir, 'police').data])).found).toEqual([]);
    expect(await searchAnswers(mesh, [...needles, ...everything])).toEqual([]);
    await untilNothingIsLeft(mesh);
  }, 60_000);

  it('was never on the broker’s line, as itself, as a hash or as a point', () => {
    const heard = tap.heard();
    const all = Buffer.concat(heard);
    for (const subject of [
      'mesh.lqi.police.exchange',
      'mesh.aggregator.tokens',
      'mesh.lqi.health-trust.matched',
      'mesh.aggregator.release',
      'mesh.requester.childrens-services.matches',
    ])
      expect(all.includes(subject)).toBe(true);
    expect(heard.flatMap((line) => findIn(line, everything))).toEqual([]);
  });

  it('is found by this very search where somebody lets its point out', async () => {
    const { log } = placesOf(mesh.dir, 'aggregator');
    const point = everything.find(({ form }) => form === 'point that is not blinded')?.bytes ?? Buffer.alloc(0);
    await appendFile(log, `${JSON.stringify({ event: 'x', id: point.toString('base64url') })}\n`);
    const { found } = await searchFiles(mesh, everything, []);
    expect(found).toContain('aggregator/log.jsonl: point that is not blinded in base64');
  });
});

describe('all that a party can read of a set query', () => {
  const viewOf = (id: PartyId): SeenLetter[] => openView(tap.heard(), selfOf(mesh, id, 'at-risk-children'));
  const bytesOf = (view: readonly SeenLetter[]) =>
    Buffer.concat(view.flatMap(({ body, attachment }) => [Buffer.from(JSON.stringify(body)), attachment]));

  it('is, for the aggregator, tokens in which no child can be seen', () => {
    const view = viewOf('aggregator');
    const told = view.filter(({ name }) => name === 'tokens');
    expect(told.map(({ from, queryId }) => `${queryId} ${from}`).sort()).toEqual(
      asked.flatMap((queryId) => holders.map((holder) => `${queryId} ${holder}`)).sort(),
    );
    for (const { attachment } of told) expect(attachment.length).toBeGreaterThan(1000);
    expect(new Set(view.map(({ name }) => name))).toEqual(
      new Set(['expect', 'tokens', 'release', 'refusal', 'progress']),
    );
    expect(findIn(bytesOf(view), everything)).toEqual([]);
  });

  it.each(holders)('is, for %s, blinded points, also of its own children', (holder) => {
    const view = viewOf(holder);
    const lists = view.filter(({ name, queryId }) => name === 'exchange' && asked.includes(queryId ?? ''));
    const other = holders.find((each) => each !== holder);
    const owners = lists.map(({ from, body }) => [from, (body as { owner: string }).owner]);
    // The other's list on its way, and its own come back; each once for each query.
    expect(owners.sort()).toEqual(
      asked
        .flatMap(() => [
          [other, holder],
          [other, other],
        ])
        .sort(),
    );
    const points = lists.flatMap(({ attachment }) => pointsIn(attachment));
    expect(points.length).toBeGreaterThan(200);
    expect(new Set(points).size).toBe(points.length);
    expect(new Set(view.map(({ name }) => name))).toEqual(new Set(['dispatch', 'exchange', 'matched']));
    expect(findIn(bytesOf(view), everything)).toEqual([]);
  });

  it('says nothing in one query of what is on the lists of another', () => {
    const [first = '', second = ''] = asked;
    for (const id of ['aggregator', ...holders]) {
      const of = (queryId: string) =>
        viewOf(id)
          .filter((letter) => letter.queryId === queryId && ['exchange', 'tokens'].includes(letter.name))
          .flatMap(({ attachment }) => wordsIn(attachment));
      const seen = new Set(of(first));
      expect(seen.size).toBeGreaterThan(100);
      expect(of(second).filter((word) => seen.has(word))).toEqual([]);
    }
  });
});

function agreementOf(id: string): SetAgreement {
  const agreement = mesh.agreements.get(id);
  if (agreement?.kind !== 'set') throw new Error(`no agreement on sets is ${id}`);
  return agreement;
}

function pointsIn(bytes: Buffer): string[] {
  return chunksOf(bytes, 32);
}

/** As long as a tag: both points and tokens consist of them. */
function wordsIn(bytes: Buffer): string[] {
  return chunksOf(bytes, 16);
}

function chunksOf(bytes: Buffer, size: number): string[] {
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
    bytes.toString('hex', index * size, (index + 1) * size),
  );
}
