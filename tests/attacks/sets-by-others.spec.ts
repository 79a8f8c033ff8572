import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectedMatches } from '@anonymesh/examples';
import {
  base64url,
  dispatch,
  expect as expectAnswers,
  parseJson,
  progress,
  seal,
  signManifest,
  type OpenedChunk,
  type BodyOf,
  type SetAgreement,
  type SetManifest,
} from '@anonymesh/protocol';
import { matched, release, tokens } from '@anonymesh/protocol-answering';
import { exchange } from '@anonymesh/protocol-asking';
import { openOuter, openRecipient, openRecord, tokenShape, type TokenShape } from '@anonymesh/psi';
import { logOf, rowsOf } from '../mesh/read-mesh.js';
import { startSetMesh, type SetMesh } from '../mesh/start-set-mesh.js';
import { until } from '../mesh/until.js';
import { expectRefused } from './attacked.js';
import { playParty, selfOf, type Attacker } from './play-party.js';
import { takeLetters } from './take-letters.js';

const sizes = { healthTrust: 40, police: 60, schools: 30, common: 10 };
const expected = expectedMatches({ ...sizes, holders: ['health-trust', 'police'] });
const agreementId = 'at-risk-children';
let mesh: SetMesh;

beforeAll(async () => {
  mesh = await startSetMesh({ sizes, variants: { approved: { release: 'on-approval' } } });
}, 90_000);
afterAll(async () => {
  for (const each of attackers) await each.close();
  await mesh?.end();
});

const attackers: Attacker[] = [];
async function play(id: string, agreement = agreementId): Promise<Attacker> {
  const attacker = await playParty(mesh, id, agreement);
  attackers.push(attacker);
  return attacker;
}

async function expectReleased(queryId: string): Promise<void> {
  expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released', people: expected.people });
}

/** An exchange of the smallest list that there is. */
const someChunk = ({ agreement, self }: Attacker, queryId: string) => ({
  to: 'health-trust',
  queryId,
  body: { agreement: agreement.hash, owner: self.id, points: 34 },
  attachment: randomBytes(34 * 32),
  chunk: 0,
});
const someQuery = () => randomBytes(16).toString('hex');

/** Tokens as large as one record’s. */
const someTokens = ({ agreement, self }: Attacker, queryId: string) => {
  const shape = tokenShape(agreement.content as SetAgreement);
  const word = () => base64url(randomBytes(16));
  const gates = shape.holders
    .filter((id) => id !== self.id)
    .map((holder) => ({ holder, given: word(), opens: word() }));
  const sealing = { enc: base64url(randomBytes(32)), to: agreement.hash };
  return {
    to: 'aggregator',
    queryId,
    body: { agreement: agreement.hash, records: 16, first: 0, control: { tag: word(), gates }, sealing },
    attachment: randomBytes(shape.bytes),
    chunk: 0,
  };
};

describe('somebody who is no holder of the agreement', () => {
  it('is refused at every door of a set query, or not carried at all', async () => {
    const schools = await play('schools');
    await mesh.child('police').kill();
    const queryId = await mesh.ask();
    await until('it is open', () => sent('health-trust', queryId));
    const { hash: agreement } = schools.agreement;
    const attachment = randomBytes(64);
    const sealing = { enc: base64url(randomBytes(32)), to: agreement };
    const toAggregator = { to: 'aggregator', queryId };
    await expectRefused(mesh, 'health-trust', 'wrong-sender', () =>
      schools.post(exchange, someChunk(schools, queryId)),
    );
    const refused: (() => Promise<void>)[] = [
      () => schools.post(tokens, { ...someTokens(schools, queryId) }),
      () => schools.post(release, { ...toAggregator, body: { agreement, sealing, records: 1 }, attachment, chunk: 0 }),
      () => schools.post(progress, { ...toAggregator, body: { answered: 1, set: { stage: 'combining', percent: 0 } } }),
    ];
    for (const attack of refused) await expectRefused(mesh, 'aggregator', 'key-not-pinned', attack);
    const ended = { to: 'health-trust', queryId, attachment, chunk: 0 } as const;
    const body = { agreement, word: 'ended', records: 0 } as const;
    await expect(schools.post(matched, { ...ended, body })).rejects.toThrow();
    for (const id of ['childrens-services', 'coordinator', 'aggregator']) {
      const other = await play(id);
      await expect(other.post(exchange, someChunk(other, queryId))).rejects.toThrow();
    }
    await mesh.restart('police');
    await expectReleased(queryId);
  }, 60_000);
});

describe('a coordinator', () => {
  it('cannot ask for itself, or again, or elsewhere', async () => {
    const coordinator = await play('coordinator');
    const queryId = await mesh.ask();
    await expectReleased(queryId);
    const [row] = rowsOf(mesh.dir, 'coordinator', 'select manifest from queries where id = ?', queryId);
    const manifest = String(row?.['manifest']);
    const asked = parseJson(Buffer.from(manifest.split('.')[1] ?? '', 'base64url')) as SetManifest;
    const { directory, keyring } = coordinator.self;
    const key = directory.sealingKey('health-trust', Date.now());
    if (key === undefined) throw new Error('the health trust has no key');
    const part = seal(Buffer.from('{}'), key, { part: 'made up' });
    const maskKeys = Object.fromEntries(
      ['health-trust', 'police'].map((id) => [id, directory.maskKey(id, Date.now())?.kid ?? '']),
    );
    const send = (to: string, change: { manifest?: string; queryId?: string } = {}) => {
      const letter = { queryId, manifest, ...change };
      return coordinator.post(dispatch, {
        to,
        queryId: letter.queryId,
        body: { manifest: letter.manifest, part, maskKeys },
      });
    };
    const own = await signManifest(asked, keyring.signing);
    await expectRefused(mesh, 'health-trust', 'wrong-sender', () => send('health-trust', { manifest: own }));
    await expectRefused(mesh, 'health-trust', 'replayed', () => send('health-trust'));
    await expectRefused(mesh, 'health-trust', 'query-differs', () => send('health-trust', { queryId: someQuery() }));
    await expectRefused(mesh, 'schools', 'not-for-you', () => send('schools'));
    const announce = () => coordinator.post(expectAnswers, { to: 'aggregator', queryId, body: { manifest } });
    await expectRefused(mesh, 'aggregator', 'replayed', announce);
  }, 60_000);
});

describe('letters about queries that nobody has asked', () => {
  it('do not keep a holder or the aggregator from queries that somebody has', async () => {
    const police = await play('police');
    const more = 2200; // than the broker lets a party leave unsettled
    for (let left = more; left > 0; left -= 100) {
      const some = Array.from({ length: 100 }, () => someQuery());
      await Promise.all(some.map((queryId) => police.post(exchange, someChunk(police, queryId))));
      await Promise.all(some.map((queryId) => police.post(tokens, someTokens(police, queryId))));
    }
    await expectReleased(await mesh.ask());
  }, 120_000);
});

type Told = OpenedChunk<BodyOf<typeof tokens>>;

/** What an aggregator that goes its own way is told of a query by its two holders. Its app is down. */
async function toldTo(aggregator: Attacker, queryId: string): Promise<ReadonlyMap<string, Told>> {
  const told = new Map<string, Told>();
  for await (const letter of takeLetters(aggregator, mesh, [tokens])) {
    if (letter.queryId === queryId) told.set(letter.from.id, letter as Told);
    if (told.size === 2) return told;
  }
  throw new Error('not all have told');
}

/** Each token with the gates that it gives, slot by slot. */
function partsOf({ attachment }: Told, shape: TokenShape) {
  return Array.from({ length: attachment.length / shape.bytes }, (_, record) => {
    const token = attachment.subarray(record * shape.bytes, (record + 1) * shape.bytes);
    const words = (from: number) =>
      Array.from({ length: shape.keys }, (__, slot) => token.subarray(from + slot * 16, from + (slot + 1) * 16));
    return { tags: words(0), gates: words(shape.gates), envelope: token.subarray(shape.envelope) };
  });
}

describe('an aggregator', () => {
  it('in league with the requester opens the records that matched, and not one more', async () => {
    await mesh.child('aggregator').kill();
    const aggregator = await play('aggregator');
    const requester = selfOf(mesh, 'childrens-services', agreementId);
    const queryId = await mesh.ask();
    const told = await toldTo(aggregator, queryId);
    const agreement = aggregator.agreement.content as SetAgreement;
    const shape = tokenShape(agreement);
    const opened: Record<string, number> = {};
    for (const [holder, own] of told) {
      const other = [...told].find(([id]) => id !== holder)?.[1];
      const gates = other === undefined ? [] : partsOf(other, shape).flatMap((each) => each.gates);
      const sender = requester.directory.sealingKey(holder, Date.now());
      const recipient = requester.keyring.sealing(own.body.sealing?.to ?? '');
      if (sender === undefined || recipient === undefined) throw new Error('a key is missing');
      const exportSecret = await openRecipient(
        { query: queryId, agreement: aggregator.agreement.hash, holder, requester: requester.id },
        { sender: sender.key, recipient: recipient.key, enc: Buffer.from(own.body.sealing?.enc ?? '', 'base64url') },
      );
      const releases = agreement.holders.find(({ id }) => id === holder)?.releases ?? [];
      // Every gate that anybody has given, tried on every record, for each of its keys.
      const records = partsOf(own, shape).filter(({ envelope }, record) =>
        gates.some((gate) =>
          [[gate], [undefined, gate]].some((given) => {
            const sealed = openOuter(queryId, shape, { holder, record, gates: [given], envelope });
            const keys = { query: queryId, exportSecret: exportSecret ?? Buffer.alloc(32) };
            return sealed !== undefined && openRecord(keys, releases, sealed) !== undefined;
          }),
        ),
      );
      opened[holder] = records.length;
    }
    expect(opened).toEqual(expected.released);
  }, 60_000);

  it('that says of records that they match makes nobody ask a person', async () => {
    const aggregator = await play('aggregator', 'approved');
    const queryId = await mesh.ask('approved');
    const told = await toldTo(aggregator, queryId);
    const { hash, content } = aggregator.agreement as { hash: string; content: SetAgreement };
    const shape = tokenShape(content);
    const [trust, police] = ['health-trust', 'police'].map((id) => partsOf(told.get(id)!, shape));
    // The police's gates for other people than whom it says them of.
    const proofs = trust!.map(({ tags }, record) => {
      const stranger = police!.find((each) => !each.tags.some((tag) => tags.some((own) => own.equals(tag))));
      const proof = Buffer.alloc(4 + 1 + 16);
      proof.writeUInt32BE(record);
      proof.set([1, ...stranger!.gates[0]!], 4);
      return proof;
    });
    const padded = (lists: readonly Buffer[]) =>
      Buffer.concat([...lists, randomBytes(content.limits.matches.most * 21)]);
    const say = (to: string, lists: readonly Buffer[]) => {
      const body = { agreement: hash, word: 'approve', records: lists.length } as const;
      return aggregator.post(matched, { to, queryId, body, attachment: padded(lists), chunk: 0 });
    };
    await until('both have told', () => ['health-trust', 'police'].every((id) => stage(id, queryId) === 'combining'));
    await say('health-trust', proofs);
    const seen = await until('the trust has looked at it', async () =>
      (await logOf(mesh, 'health-trust')).find(({ event, query }) => event === 'set.matched' && query === queryId),
    );
    expect(seen).toMatchObject({ records: 0, unproven: proofs.length });
    expect(rowsOf(mesh.dir, 'health-trust', 'select id from approvals')).toEqual([]);
    await expectRefused(mesh, 'police', 'malformed', () => say('police', [...proofs].reverse()));
    expect(rowsOf(mesh.dir, 'police', 'select id from approvals')).toEqual([]);
  }, 60_000);
});

const sent = (holder: string, queryId: string) =>
  rowsOf(mesh.dir, holder, 'select sent from set_queries where query_id = ?', queryId)[0]?.['sent'] === 1;
const stage = (holder: string, queryId: string) =>
  rowsOf(mesh.dir, holder, 'select stage from set_queries where query_id = ?', queryId)[0]?.['stage'];
