import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectedMatches } from '@anonymesh/examples';
import { agreementHashOf, base64url, type SetAgreement } from '@anonymesh/protocol';
import { exchange } from '@anonymesh/protocol-asking';
import { bucketOf, chooseEngine, tokenShape, type Engine } from '@anonymesh/psi';
import { rowsOf } from '../mesh/read-mesh.js';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { until } from '../mesh/until.js';
import { expectLoggedWithoutContent, expectRefused } from './attacked.js';
import { playHolder, type Bent, type Chunk, type Row, type Told } from './play-holder.js';
import { playParty, type Attacker } from './play-party.js';
import { policeRows } from './police-rows.js';

// The police's app is down; in its place somebody with its keys does as it likes. The health trust is the victim.
const sizes = { healthTrust: 40, police: 60, schools: 0, common: 10 };
const expected = expectedMatches(sizes);
const agreementId = 'at-risk-children';
let mesh: SetMesh;
let police: Attacker;
let rows: readonly Row[];
let engine: Engine;
let foreign: Uint8Array;

beforeAll(async () => {
  mesh = await startSetMesh({ sizes });
  await mesh.child('police').kill();
  police = await playParty(mesh, 'police', agreementId);
  rows = policeRows(mesh);
  engine = await chooseEngine();
  foreign = engine.hash(randomBytes(64));
}, 90_000);
afterAll(async () => {
  await police?.close();
  await mesh?.end();
});

/** Asks, and lets the police do their part, bent like that. */
async function askedOf(bent: Bent): Promise<string> {
  const queryId = await mesh.ask(agreementId);
  await playHolder(police, mesh, { queryId, rows }, bent);
  return queryId;
}

const victim = (queryId: string) =>
  rowsOf(mesh.dir, 'health-trust', 'select state, code, seed, sent from set_queries where query_id = ?', queryId)[0];

/** Nothing was released, and nothing is left at the victim by which it could be. */
async function expectNothingOf(queryId: string, code: string): Promise<void> {
  expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', code });
  expect((await mesh.socialWorker.send('GET', `/api/v1/queries/${queryId}/records`)).status).toBe(404);
  await until('the victim has ended it', () => victim(queryId)?.['state'] !== 'open');
  expect(victim(queryId)?.['seed']).toBe(null);
  expect(rowsOf(mesh.dir, 'health-trust', 'select * from chunks where query_id = ?', queryId)).toEqual([]);
}

async function expectReleased(queryId: string): Promise<void> {
  expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released', people: expected.people });
  const { records } = await mesh.records(queryId);
  const holders = records.map(({ holder }) => holder);
  const countOf = (holder: string) => holders.filter((each) => each === holder).length;
  expect({ 'health-trust': countOf('health-trust'), police: countOf('police') }).toEqual(expected.released);
}

const changed = (points: Uint8Array, place: number, point: Uint8Array) => {
  const copy = Buffer.from(points);
  copy.set(point, place * 32);
  return copy;
};
const first = <Value>([value]: readonly Value[]): Value => {
  if (value === undefined) throw new Error('there is none');
  return value;
};
const longer = ({ body, chunk }: Chunk): Chunk => {
  const points = (body.points - 2) * 2 + 2;
  return { body: { ...body, points }, chunk, points: randomBytes(points * 32) };
};
const otherHash = () => agreementHashOf(first([...mesh.agreements.values()].filter(({ id }) => id !== agreementId)));

/** Tokens with what stands for tags, or for gates, drawn anew. */
function withRandom(bytes: Buffer, part: 'tags' | 'gates'): Buffer {
  const shape = tokenShape(police.agreement.content as SetAgreement);
  const [from, to] = part === 'tags' ? [0, shape.gates] : [shape.gates, shape.envelope];
  const copy = Buffer.from(bytes);
  for (let token = 0; token < copy.length; token += shape.bytes) copy.set(randomBytes(to - from), token + from);
  return copy;
}
const five = Buffer.concat([Buffer.of(5), Buffer.alloc(31)]);
const identity = Buffer.alloc(32);
const noPoint = Buffer.alloc(32, 0xff);

describe('a holder that takes part as it must', () => {
  it('is answered: what follows does not fail for another reason', async () => {
    await expectReleased(await askedOf({}));
  });

  it('may send its chunks in another order, and again, and a set padded far beyond its size', async () => {
    await expectReleased(await askedOf({ records: 2560, sends: (list) => [...list].reverse().concat(list) }));
  });
});

describe('chunks that no honest holder sends', () => {
  it('are refused one by one, and the query goes on with the right ones', async () => {
    const queryId = await mesh.ask(agreementId);
    await until('the victim has sent its list', () => victim(queryId)?.['sent'] === 1);
    const records = bucketOf(rows.length);
    const points = records * 2 + 2;
    const body = { agreement: police.agreement.hash, owner: 'police', points };
    const send = (change: Partial<Chunk['body']>, chunk = 0, sent = change.points ?? points) => {
      const attachment = randomBytes(Math.min(sent, 4096) * 32);
      return police.post(exchange, {
        to: 'health-trust',
        queryId,
        body: { ...body, ...change },
        attachment,
        chunk,
      });
    };
    const attacks: readonly [what: string, code: string, send: () => Promise<void>][] = [
      ['a list whose length is no bucket', 'malformed', () => send({ points: 17 * 2 + 2 })],
      ['a list without a control', 'malformed', () => send({ points: points - 1 })],
      ['a list smaller than any', 'malformed', () => send({ points: 18 })],
      ['a list larger than agreed', 'too-large', () => send({ points: 24_576 * 2 + 1 + 13 })],
      ['a chunk with a point too few', 'malformed', () => send({}, 0, points - 1)],
      ['a chunk with a point too many', 'malformed', () => send({}, 0, points + 1)],
      ['a chunk after the last', 'malformed', () => send({}, 1)],
      ['a chunk of the last number there is', 'malformed', () => send({}, 0xffff_ffff)],
      ['a list of somebody who is no holder', 'malformed', () => send({ owner: 'schools' })],
      ['the victim’s list, in another length', 'malformed', () => send({ owner: 'health-trust', points: 28 * 2 + 2 })],
      ['a list under another agreement', 'query-differs', () => send({ agreement: otherHash() })],
    ];
    for (const [, code, attack] of attacks) await expectRefused(mesh, 'health-trust', code, attack);
    expect(victim(queryId)?.['state']).toBe('open');
    await playHolder(police, mesh, { queryId, rows });
    await expectReleased(queryId);
  }, 60_000);

  const versions: readonly [what: string, bent: Bent][] = [
    [
      'another chunk in its place',
      { sends: (list) => [...list, { ...first(list), points: randomBytes(first(list).points.length) }] },
    ],
    ['a list of another length', { sends: (list) => [...list, longer(first(list))] }],
  ];
  it.each(versions)('as a second version, %s: the query ends', async (_, bent) => {
    const queryId = await askedOf(bent);
    await expectNothingOf(queryId, 'holder-refused');
    expect(victim(queryId)).toMatchObject({ state: 'refused', code: 'chunk-differs' });
  });

  const badPoints: readonly [what: string, bent: Bent][] = [
    ['the identity in its list', { sends: ([one]) => [{ ...one!, points: changed(one!.points, 3, identity) }] }],
    ['no canonical point in its list', { sends: ([one]) => [{ ...one!, points: changed(one!.points, 0, noPoint) }] }],
    ['the identity in what it gives back', { returns: (points) => changed(points, 1, identity) }],
    ['no canonical point in what it gives back', { returns: (points) => changed(points, 0, noPoint) }],
  ];
  it.each(badPoints)('with %s end the query', async (_, bent) => {
    const queryId = await askedOf(bent);
    await expectNothingOf(queryId, 'holder-refused');
    expect(victim(queryId)).toMatchObject({ state: 'refused', code: 'bad-point' });
  });

  const dishonest: readonly [what: string, returns: NonNullable<Bent['returns']>][] = [
    ['it repeats a point', (points) => changed(points, 5, points.subarray(0, 32))],
    ['it replaces a point', (points) => changed(points, 7, foreign)],
    ['it reorders them', (points) => Buffer.concat([points.subarray(32), points.subarray(0, 32)])],
    ['it mixes two', (points) => changed(points, 2, engine.sum(points.subarray(0, 64), Uint8Array.of(1, 0, 1, 0)))],
    [
      'it takes another key for some',
      (points) => Buffer.concat([points.subarray(0, 320), engine.multiply(points.subarray(320), five)]),
    ],
    ['it gives back others', (points) => engine.hash(randomBytes(points.length * 2))],
  ];
  it.each(dishonest)('come to nothing when on their way round %s', async (_, returns) => {
    const queryId = await askedOf({ returns });
    await expectNothingOf(queryId, 'holder-refused');
    expect(victim(queryId)).toMatchObject({ state: 'refused', code: 'list-altered' });
  });
});

describe('tokens that no honest holder sends', () => {
  let earlier: readonly Told[] = [];
  const all = (change: (told: Told) => Told) => (told: readonly Told[]) => told.map(change);
  const control = (change: Partial<Told['body']['control']>) =>
    all(({ body, bytes }) => ({ bytes, body: { ...body, control: { ...body.control, ...change } } }));
  const word = () => base64url(randomBytes(16));

  const attacks: readonly [what: string, code: string, tells: NonNullable<Bent['tells']>][] = [
    ['of another control', 'answers-disagree', control({ tag: word() })],
    [
      'of a control that gives wrong gates',
      'answers-disagree',
      control({ gates: [{ holder: 'health-trust', given: word(), opens: word() }] }),
    ],
    ['that give wrong gates', 'answers-disagree', all((told) => ({ ...told, bytes: withRandom(told.bytes, 'gates') }))],
    ['with tags of nobody', 'too-few-matches', all((told) => ({ ...told, bytes: withRandom(told.bytes, 'tags') }))],
    [
      'in two versions',
      'answers-disagree',
      (told) => [...told, { ...first(told), bytes: withRandom(first(told).bytes, 'tags') }],
    ],
    ['of an earlier query', 'answers-disagree', () => earlier],
  ];
  it.each(attacks)('%s release nothing: %s', async (_, code, tells) => {
    if (earlier.length === 0) {
      const kept: Bent = { tells: (told) => (earlier = told) };
      await expectReleased(await askedOf(kept));
    }
    await expectNothingOf(await askedOf({ tells }), code);
  });

  it('and chunks leave a code in the victim’s log, and honest people their answer', async () => {
    await expectLoggedWithoutContent(mesh, 'health-trust');
    await mesh.restart('police');
    await expectReleased(await mesh.ask(agreementId));
  }, 60_000);
});
