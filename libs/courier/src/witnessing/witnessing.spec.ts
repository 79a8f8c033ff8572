import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkpoint } from '@anonymesh/protocol';
import {
  cosignedAt,
  disputes,
  holdWitnessed,
  latestCheckpoint,
  readCheckpoint,
  witnessedNotes,
} from '@anonymesh/evidence';
import { openLog, type Closer } from '@anonymesh/runtime';
import type { StoreConfig } from '@anonymesh/store';
import { checkAgreement, type Trust } from '@anonymesh/trust';
import { copyFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { lapsing } from '../../../../tests/mesh/lapsing.js';
import { until } from '../../../../tests/mesh/until.js';
import { startRealMesh, type RealMesh, type RealNode } from '../fixtures/real-mesh.js';
import { keepLog } from '../keep-log.js';
import type { StoreNode } from '../node.js';
import { ownName } from './names.js';
import { takeCheckpoint } from './take-checkpoint.js';
import { tellOthers } from './tell-others.js';

let mesh: RealMesh;
beforeAll(async () => {
  mesh = await startRealMesh();
}, 60_000);
afterAll(() => mesh.stop());

const minute = 60_000;
const quiet = openLog({ app: 'spec', to: { write: () => undefined } });

interface Keeping extends RealNode {
  readonly warnings: readonly string[];
  end(): Promise<void>;
}

/** A node that keeps its log, tells the others, and takes what they tell, to it so many milliseconds later. */
async function keeping(id: string, place: StoreConfig, { keeps = true, on = mesh, later = 0 } = {}): Promise<Keeping> {
  const warnings: string[] = [];
  const log = openLog({ app: 'spec', to: { write: (line) => void warnings.push(line) } });
  const node: RealNode = await on.node(id, place, [
    checkpoint,
    (letter, work) => {
      const aged = { ...letter, issuedAt: letter.issuedAt - later };
      return takeCheckpoint({ courier: node.courier, trust, log } as StoreNode, aged as never, work);
    },
  ]);
  const trust = trustOf(node, on);
  const keeper: Closer | undefined = keeps
    ? keepLog({ courier: node.courier, log: quiet, trust }, { checkpointEvery: 150 })
    : undefined;
  return {
    ...node,
    warnings,
    end: async () => {
      await keeper?.close();
      await node.close();
    },
  };
}

function trustOf({ courier: { self } }: RealNode, { parties: { agreement, signatures } }: RealMesh): Trust {
  const signed = checkAgreement(agreement.content, signatures, self.directory);
  return { directory: self.directory, agreements: new Map([[signed.hash, signed]]) };
}

const enterOne = ({ courier }: RealNode, words: string) =>
  courier.transact(async (work) => work.enter({ did: 'decided', what: 'something', words }));

/** The size of the node's latest checkpoint that the other has countersigned. */
async function countersigned({ courier }: RealNode, other: RealNode): Promise<number | undefined> {
  const latest = await latestCheckpoint(courier.store.knex);
  const read = latest && readCheckpoint(latest.note);
  const { name, key } = ownName(other.courier.self);
  return read && cosignedAt(read.note, { name, key: key.publicKey }) !== undefined ? read.size : undefined;
}

/** The size of the node's log that it takes the other to have countersigned last. */
const confirmedBy = async ({ courier }: RealNode, other: RealNode) =>
  courier.store.knex.transaction(async (transaction) => {
    return (await holdWitnessed(transaction, other.courier.self.id)).confirmed;
  });

const seenOf = async ({ courier }: RealNode, other: RealNode) => {
  const { name } = ownName(other.courier.self);
  const notes = await witnessedNotes(courier.store.knex);
  return notes.flatMap((note) => readCheckpoint(note) ?? []).find(({ origin }) => origin === name)?.size;
};

describe('the checkpoints of parties', () => {
  it('are countersigned by the others, again and again, and nobody writes while nothing is new', async () => {
    const one = await keeping('coordinator', mesh.place('one'));
    const other = await keeping('aggregator', mesh.place('other'));
    for (const words of ['first', 'second', 'third']) {
      await enterOne(one, words);
      const size = await until('it is countersigned', async () => {
        const latest = await latestCheckpoint(one.courier.store.knex);
        const confirmed = await countersigned(one, other);
        return latest !== undefined && latest.size > 0 && confirmed === latest.size && confirmed;
      });
      expect(await seenOf(other, one)).toBe(size);
    }
    expect(await disputes(other.courier.store.knex)).toEqual([]);
    await until(
      'all has been told',
      async () => (await mesh.waiting('coordinator')) + (await mesh.waiting('aggregator')) === 0,
    );
    await wait(600);
    const arrived = [await mesh.arrived('coordinator'), await mesh.arrived('aggregator')];
    await wait(800);
    expect([await mesh.arrived('coordinator'), await mesh.arrived('aggregator')]).toEqual(arrived);
    await Promise.all([one.end(), other.end()]);
  });

  it('are nothing to whoever is beside us in a draft that we have not signed', async () => {
    const one = await keeping('coordinator', mesh.place('drafted'), { keeps: false });
    await enterOne(one, 'first');
    const { agreement, signatures } = mesh.parties;
    const told = async (signed: typeof signatures) => {
      const draft = checkAgreement(agreement.content, signed, one.courier.self.directory);
      const trust = { directory: one.courier.self.directory, agreements: new Map([[draft.hash, draft]]) };
      const messages: string[] = [];
      await keepLog({ courier: one.courier, log: quiet, trust }, { checkpointEvery: 100_000 }).close();
      await one.courier.transact(async (work) => {
        const post: typeof work.post = (_message, { to }) => ({ words: Promise.resolve(`${messages.push(to)}`) });
        await tellOthers({ ...work, post }, 'coordinator', trust);
      });
      return messages;
    };
    const { coordinator: _ours, ...others } = signatures;
    expect(await told(others)).toEqual([]);
    expect(await told(signatures)).toContain('aggregator');
    await one.end();
  });

  it('show a log that went back to an earlier state, and the proof is kept', async () => {
    const place = mesh.place('rolled-back') as Extract<StoreConfig, { kind: 'embedded' }>;
    const other = await keeping('aggregator', mesh.place('witness'));
    let one = await keeping('coordinator', place);
    await enterOne(one, 'first');
    await until('it has been seen', () => seenOf(other, one));
    await one.end();
    await copyFile(place.file, `${place.file}.copy`);
    one = await keeping('coordinator', place);
    for (const words of ['second', 'third', 'fourth']) await enterOne(one, words);
    const before = await until('more of it has been seen', async () => {
      const size = await seenOf(other, one);
      return size !== undefined && size >= 5 && size;
    });
    await one.end();
    await copyFile(`${place.file}.copy`, place.file);
    one = await keeping('coordinator', place);
    await enterOne(one, 'another second');
    const [dispute] = await until('it is disputed', async () => {
      const all = await disputes(other.courier.store.knex);
      return all.length > 0 && all;
    });
    expect(dispute).toMatchObject({ party: 'coordinator' });
    expect(readCheckpoint(dispute?.dispute ?? '')?.origin).toBe(ownName(one.courier.self).name);
    expect(await seenOf(other, one)).toBe(before);
    expect(other.warnings.join()).toMatch(/"code":"(rolled-back|forked)","event":"evidence\.disputed"/);
    await Promise.all([one.end(), other.end()]);
  });

  it('are countersigned again by a witness that was restored from a back-up, and none of them waits for ever', async () => {
    const place = mesh.place('restored') as Extract<StoreConfig, { kind: 'embedded' }>;
    const one = await keeping('coordinator', mesh.place('remembering'));
    let other = await keeping('aggregator', place);
    const isCountersigned = () =>
      until('it is countersigned', async () => {
        const latest = await latestCheckpoint(one.courier.store.knex);
        return latest !== undefined && latest.size > 0 && (await countersigned(one, other)) === latest.size;
      });
    await enterOne(one, 'first');
    await isCountersigned();
    await other.end();
    await copyFile(place.file, `${place.file}.copy`);
    other = await keeping('aggregator', place);
    for (const words of ['second', 'third']) {
      await enterOne(one, words);
      await isCountersigned();
    }
    await other.end();
    await copyFile(`${place.file}.copy`, place.file);
    other = await keeping('aggregator', place, { later: minute });
    const known = await seenOf(other, one);
    await enterOne(one, 'fourth');
    await until('it is told from where to prove', async () => (await confirmedBy(one, other)) === known);
    await until('none of them waits', async () => (await mesh.waiting('aggregator')) === 0);
    await enterOne(one, 'fifth');
    await isCountersigned();
    expect(await disputes(other.courier.store.knex)).toEqual([]);
    await until('none of them waits', async () => (await mesh.waiting('aggregator')) === 0);
    await Promise.all([one.end(), other.end()]);
  });

  it('are told to the others while one of them has no key that is valid', async () => {
    const lapsed = await startRealMesh(undefined, undefined, (parties) => lapsing(parties, ['dwp']));
    try {
      const one = await keeping('coordinator', lapsed.place('one'), { on: lapsed });
      const other = await keeping('aggregator', lapsed.place('other'), { on: lapsed });
      expect(one.courier.self.directory.sealingKey('dwp', Date.now())).toBe(undefined);
      await enterOne(one, 'first');
      await until('it has been seen', () => seenOf(other, one));
      await Promise.all([one.end(), other.end()]);
    } finally {
      await lapsed.stop();
    }
  }, 60_000);

  it('of one party are not another\u2019s to tell', async () => {
    const other = await keeping('aggregator', mesh.place('told'), { keeps: false });
    const one = await keeping('coordinator', mesh.place('teller'), { keeps: false });
    const sender = await mesh.courier('hmrc');
    const note =
      'anonymesh/coordinator/x\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u2014 anonymesh/coordinator/x AAAAAAAA\n';
    await sender.send(checkpoint, { to: 'aggregator', queryId: undefined, body: { checkpoint: note, proofs: [] } });
    await until('it is refused', async () => (await other.refused('malformed')) > 0);
    expect(await witnessedNotes(other.courier.store.knex)).toEqual([]);
    await Promise.all([one.end(), other.end(), sender.close()]);
  });
});
