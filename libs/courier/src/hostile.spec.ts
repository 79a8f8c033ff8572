// What a hostile broker, or a party that means ill, can put on a subject: each is refused by its code, counted, and leaves
// nothing of what it says in the log.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expect as expectMessage, progress, seal, signLetter, subjectOf } from '@anonymesh/protocol';
import { randomBytes } from 'node:crypto';
import { until } from '../../../tests/mesh/until.js';
import { makeParty } from '../../../tests/mesh/make-parties.js';
import type { Courier } from './courier.js';
import { effectsOf, startRealMesh, writeDown, type RealMesh, type RealNode } from './fixtures/real-mesh.js';
import { largestParcel, openParcel, writeParcel } from './parcel.js';

let mesh: RealMesh;
let node: RealNode;
let sender: Courier;
beforeAll(async () => {
  mesh = await startRealMesh();
  node = await mesh.node('coordinator', mesh.place('coordinator'), [progress, writeDown]);
  sender = await mesh.courier('aggregator');
}, 60_000);
afterAll(async () => {
  await Promise.all([sender.close(), node.close()]);
  await mesh.stop();
});

const queryId = 'ef'.repeat(16);
const subject = 'mesh.coordinator.progress';
const body = { answered: 42 };
const marker = 'AB123456C';
const self = (id: string) => mesh.parties.self(id);
const keyOf = (id: string) => {
  const key = mesh.parties.directory.sealingKey(id, Date.now());
  if (key === undefined) throw new Error(`${id} has no key`);
  return key;
};

interface Forgery {
  readonly from?: string;
  readonly to?: string;
  readonly on?: string;
  readonly issuedAt?: number;
  readonly signer?: string;
}

/** A progress letter that is sealed as it ought to be, and says, or is signed by, what it ought not. */
async function forge({
  from = 'aggregator',
  to = 'coordinator',
  on = subject,
  signer = from,
  ...rest
}: Forgery): Promise<Buffer> {
  const { text } = await signLetter(progress, { from, to, queryId, body, ...rest }, mesh.parties.party(signer).signing);
  return Buffer.from(seal(text, keyOf('coordinator'), { to: 'coordinator', on }));
}

async function refusedAs(code: string, data: Uint8Array): Promise<void> {
  const before = await node.refused(code);
  const effects = (await effectsOf(node)).length;
  await sender.party.jetstream.publish(subject, data);
  await until(`it is refused as ${code}`, async () => (await node.refused(code)) === before + 1);
  await until('it is settled', async () => (await mesh.waiting('coordinator')) === 0);
  expect((await effectsOf(node)).length).toBe(effects);
}

describe('on a subject of ours', () => {
  it('an honest letter has its effect, which shows that the others could have', async () => {
    await sender.party.jetstream.publish(subject, await forge({}));
    await until('it has its effect', async () => (await effectsOf(node)).length === 1);
  });

  it.each<[string, Forgery, string]>([
    ['in the name of another, signed by oneself', { signer: 'hmrc' }, 'wrong-sender'],
    ['by a party that must not say that', { from: 'hmrc' }, 'wrong-sender'],
    ['by the receiver itself', { from: 'coordinator' }, 'wrong-sender'],
    ['to somebody else', { to: 'immigration' }, 'not-for-you'],
    ['for another subject', { on: 'mesh.coordinator.outcome' }, 'malformed'],
    ['for a reply', { on: `${subject}#reply` }, 'malformed'],
    ['of last month', { issuedAt: Date.now() - 31 * 86_400_000 }, 'too-old'],
    ['of tomorrow', { issuedAt: Date.now() + 86_400_000 }, 'from-the-future'],
  ])('a letter %s is refused', async (_what, forgery, code) => {
    await refusedAs(code, await forge(forgery));
  });

  it('a letter sealed to somebody else is refused', async () => {
    const { sealed } = await writeParcel(self('coordinator'), progress, { to: 'immigration', queryId, body });
    await refusedAs('malformed', sealed);
    const { text } = await signLetter(
      progress,
      { from: 'aggregator', to: 'coordinator', queryId, body },
      mesh.parties.party('aggregator').signing,
    );
    await refusedAs('unknown-key', Buffer.from(seal(text, keyOf('hmrc'), { to: 'coordinator', on: subject })));
  });

  it('a letter by a stranger, or by nobody, is refused', async () => {
    const stranger = makeParty('aggregator', 'aggregator');
    const letter = { from: 'aggregator', to: 'coordinator', queryId, body };
    const sealTo = (text: Uint8Array) =>
      Buffer.from(seal(text, keyOf('coordinator'), { to: 'coordinator', on: subject }));
    await refusedAs('unknown-key', sealTo((await signLetter(progress, letter, stranger.signing)).text));
    const borrowed = { ...stranger.signing, kid: mesh.parties.party('aggregator').signing.kid };
    await refusedAs('bad-signature', sealTo((await signLetter(progress, letter, borrowed)).text));
    await refusedAs('malformed', sealTo(Buffer.from(JSON.stringify({ ...letter, niNumber: marker }))));
  });

  it('another message of the mesh, that does not come this way, is refused', async () => {
    const { signing } = mesh.parties.party('coordinator');
    const letter = { from: 'coordinator', to: 'coordinator', queryId, body: { manifest: 'e30.e30.AA' } };
    const { text } = await signLetter(expectMessage, letter, signing);
    await refusedAs('malformed', Buffer.from(seal(text, keyOf('coordinator'), { to: 'coordinator', on: subject })));
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from([0])],
    ['random bytes', randomBytes(3000)],
    ['dots', Buffer.alloc(largestParcel, '.')],
    ['a person in the open', Buffer.from(JSON.stringify({ niNumber: marker }))],
    ['brackets', Buffer.alloc(200_000, '[')],
    ['a header that never ends', Buffer.from(`${Buffer.alloc(90_000, '[').toString('base64url')}.AA.AA.AA.AA`)],
  ])('%s is refused', async (_what, data) => {
    await refusedAs('malformed', data);
  });

  it.each(['', 'AA', 'A'.repeat(43)])('an ephemeral key that is none is refused: "%s"', async (x) => {
    const [head = '', ...rest] = (await forge({})).toString().split('.');
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as { epk: object };
    const changed = Buffer.from(JSON.stringify({ ...header, epk: { ...header.epk, x } })).toString('base64url');
    await refusedAs('malformed', Buffer.from([changed, ...rest].join('.')));
  });

  it('more than the largest parcel is refused before it is looked at', async () => {
    await refusedAs('too-large', Buffer.alloc(largestParcel + 1, 'A'));
  });

  it('a replay is settled without effect and without a word', async () => {
    const parcel = await forge({});
    const before = (await effectsOf(node)).length;
    for (let count = 0; count < 3; count += 1) await sender.party.jetstream.publish(subject, parcel);
    await until('all are settled', async () => (await mesh.waiting('coordinator')) === 0);
    expect((await effectsOf(node)).length).toBe(before + 1);
  });

  it('garbage in one batch with an honest letter does not hold it up', async () => {
    const before = (await effectsOf(node)).length;
    const { jetstream } = sender.party;
    await Promise.all(
      [randomBytes(500), await forge({}), Buffer.alloc(0), await forge({ to: 'immigration' })].map((data) =>
        jetstream.publish(subject, data),
      ),
    );
    await until('all are settled', async () => (await mesh.waiting('coordinator')) === 0);
    expect((await effectsOf(node)).length).toBe(before + 1);
  });

  it('has left codes and sizes in the log, and nothing else', () => {
    const refusals = node.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(refusals.length).toBeGreaterThan(20);
    for (const { time: _time, ...line } of refusals) {
      expect(Object.keys(line).sort()).toEqual(['app', 'bytes', 'code', 'event', 'level', 'party']);
      expect(line).toMatchObject({ event: 'message.refused', level: 'warn', party: 'coordinator' });
    }
    expect(node.log.join()).not.toContain(marker);
  });
});

describe('a parcel', () => {
  it('opens for whom and where it was sealed for, and names its own subject', async () => {
    const { sealed, subject: on } = await writeParcel(self('aggregator'), progress, {
      to: 'coordinator',
      queryId,
      body,
    });
    expect(on).toBe(subjectOf(progress, { kind: 'coordinator', id: 'coordinator' }));
    const open = (id: string, where = on) =>
      openParcel(self(id), sealed, where, { messages: [progress], maxAge: 60_000 });
    expect(open('coordinator')).toMatchObject({ body, queryId });
    expect(open('coordinator', 'mesh.coordinator.slip')).toBe('malformed');
    expect(open('immigration')).toBe('malformed');
  });

  it('cannot be written to whom nobody knows', async () => {
    const writing = writeParcel(self('aggregator'), progress, { to: 'nobody', queryId, body });
    await expect(writing).rejects.toThrow('no valid sealing key');
  });
});
