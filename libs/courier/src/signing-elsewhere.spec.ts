import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkpoint, checkLog, place, writeLog } from '@anonymesh/evidence';
import { progress, Refusal, slip } from '@anonymesh/protocol';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../tests/mesh/until.js';
import {
  effectsOf,
  startRealMesh,
  writeDown,
  type Handle,
  type RealMesh,
  type RealNode,
} from './fixtures/real-mesh.js';
import { startKeyService, type KeyService } from './fixtures/start-key-service.js';
import { checkSigning } from './wellness/check-directory.js';
import { ownName } from './witnessing/names.js';

// The coordinator's signing key is in another process: nothing here has ever had its private half.
let folder: string;
let service: KeyService;
let mesh: RealMesh;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-keys-'));
  service = await startKeyService(join(folder, 'keys.sock'));
  mesh = await startRealMesh(new Map([['coordinator', service.signing]]));
}, 60_000);
beforeEach(() => service.set({ delay: 0, failEvery: 0, lies: false }));
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
afterAll(async () => {
  await mesh.stop();
  await service.stop();
  await rm(folder, { recursive: true });
});

const queryId = 'cd'.repeat(16);
const say = (answered: number, to: string) => ({ to, queryId, body: { answered } });
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const answeredOf = async (node: RealNode) => (await effectsOf(node)).map(({ answered }) => answered);
const passOn: Handle = async ({ body }, work) => {
  work.post(progress, say((body as { answered: number }).answered, 'immigration'));
};

async function node(id: string, message: typeof progress | typeof slip = progress, handle: Handle = writeDown) {
  const opened = await mesh.node(id, mesh.place(randomBytes(6).toString('hex')), [message, handle]);
  open.push(opened);
  return opened;
}

describe('a node whose signing key is elsewhere', () => {
  it('has of it what everybody has', () => {
    expect(Object.keys(service.signing).sort()).toEqual(['kid', 'publicKey', 'sign']);
    expect(service.signing.publicKey.type).toBe('public');
  });

  it('has all letters of a transaction signed at once, and they are believed', async () => {
    const [sender, receiver] = [await node('coordinator'), await node('immigration')];
    await service.set({ delay: 200 });
    const began = performance.now();
    await sender.courier.transact(async (work) => {
      for (const answered of numbers(50)) work.post(progress, say(answered, 'immigration'));
    });
    expect(performance.now() - began).toBeLessThan(50 * 200);
    expect(await service.counts()).toEqual({ asked: 50, mostAtOnce: 50 });
    await until('all have arrived', async () => (await answeredOf(receiver)).length === 50);
    expect(await answeredOf(receiver)).toEqual(numbers(50));
  });

  it('loses nothing, and does nothing twice, where every third signature fails', async () => {
    const [relay, receiver] = [await node('coordinator', progress, passOn), await node('immigration')];
    const sender = await mesh.courier('aggregator');
    open.push(sender);
    await service.set({ delay: 30, failEvery: 3 });
    for (const answered of numbers(30)) await sender.send(progress, say(answered, 'coordinator'));
    const sorted = async () => (await answeredOf(receiver)).sort((a, b) => a - b);
    await until('all have arrived', async () => new Set(await sorted()).size === 30, 60_000);
    await until('nothing is left', async () => (await mesh.waiting('coordinator')) === 0);
    expect(await sorted()).toEqual(numbers(30));
    expect(relay.log.some((line) => line.includes('"message.failed"') && line.includes('CANNOT_SIGN'))).toBe(true);
    await relay.courier.store.knex.transaction((work) => place(work));
    const sent = await relay.courier.store.knex('evidence_entries').where('entry', 'like', '%"did":"sent"%');
    expect(sent).toHaveLength(30);
  }, 90_000);

  it('commits nothing and sends nothing where what comes back is by another key', async () => {
    const sender = await node('coordinator');
    const arrived = await mesh.arrived('immigration');
    await service.set({ lies: true });
    const sending = sender.courier.transact(async (work) => {
      await writeDown({ id: 'x'.repeat(22), body: { answered: 1 } } as Parameters<Handle>[0], work);
      work.post(progress, say(1, 'immigration'));
    });
    await expect(sending).rejects.toMatchObject({ code: 'CANNOT_SIGN' });
    expect(await effectsOf(sender)).toEqual([]);
    expect(await sender.courier.store.knex('outbox')).toEqual([]);
    expect(await mesh.arrived('immigration')).toBe(arrived);
  });

  it('waits five seconds for a signature, and no longer; the next is then asked for as ever', async () => {
    const sender = await node('coordinator');
    await service.set({ delay: 8000 });
    const began = performance.now();
    const sending = sender.courier.transact(async (work) => work.post(progress, say(1, 'immigration')));
    await expect(sending).rejects.toMatchObject({ code: 'CANNOT_SIGN', cause: { name: 'TimeoutError' } });
    expect(performance.now() - began).toBeLessThan(7000);
    await service.set({ delay: 0 });
    await sender.courier.transact(async (work) => work.post(progress, say(1, 'immigration')));
  }, 20_000);

  it('answers requests by it, and where it cannot sign an answer, the next one', async () => {
    const portal = await mesh.courier('appeal-portal');
    open.push(portal);
    await node('coordinator', slip, async () => {
      throw new Refusal('not-found');
    });
    const letter = { to: 'coordinator', body: { lookupId: randomBytes(16).toString('base64url') } };
    await service.set({ failEvery: 1 });
    expect(await portal.request(slip, letter, 500)).toEqual({ refused: 'unavailable' });
    await service.set({ failEvery: 0 });
    expect(await portal.request(slip, letter)).toEqual({ refused: 'not-found' });
  });

  it('gives back every letter of a batch, where it cannot even sign that it does', async () => {
    const portal = await mesh.courier('appeal-portal');
    open.push(portal);
    const { log } = await node('coordinator', slip, async () => {
      throw new Error('broken');
    });
    const letter = { to: 'coordinator', body: { lookupId: randomBytes(16).toString('base64url') } };
    await service.set({ failEvery: 1 });
    await Promise.all(numbers(3).map(() => portal.request(slip, letter, 500)));
    const told = (event: string) => log.filter((line) => line.includes(`"${event}"`)).length;
    expect([told('message.failed'), told('message.not-settled'), told('inbound.failed')]).toEqual([3, 3, 0]);
  });

  it('signs for its log by it', async () => {
    const { courier } = await node('coordinator');
    const { knex } = courier.store;
    const { name: origin, key } = ownName(courier.self);
    await courier.transact(async (work) => work.enter({ did: 'decided', what: 'something', words: 'so' }));
    await knex.transaction((work) => place(work));
    await service.set({ failEvery: 1 });
    await expect(knex.transaction((work) => checkpoint(work, { origin, key }))).rejects.toThrow('cannot sign');
    await service.set({ failEvery: 0 });
    await knex.transaction((work) => checkpoint(work, { origin, key }));
    const found = await checkLog(writeLog(knex, origin), { origin, keys: [service.signing.publicKey] });
    expect(found).toMatchObject({ findings: [], bound: 2 });
  });

  it('is told to be unwell while it cannot sign', async () => {
    expect(await checkSigning(service.signing)).toBe(undefined);
    for (const settings of [{ failEvery: 1 }, { failEvery: 0, lies: true }, { lies: false, delay: 4000 }]) {
      await service.set(settings);
      expect(await checkSigning(service.signing)).toMatchObject({ state: 'failing', code: 'key-cannot-sign' });
    }
    await service.stop();
    expect(await checkSigning(service.signing)).toMatchObject({ code: 'key-cannot-sign' });
  });
});
