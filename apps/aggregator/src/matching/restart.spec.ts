import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SetAgreement } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { until } from '../../../../tests/mesh/until.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { holders, notes, sets } from '../fixtures/made-children.js';
import { expectSet, releaseFrom, tokensFrom, type MadeSetQuery } from '../fixtures/made-set.js';
import type { Posted } from '../fixtures/read-posted.js';
import { startBroker, type RealNode } from '../fixtures/real-node.js';
import { openSetDesk, type SetDesk } from '../fixtures/set-desk.js';
import { combineSet } from './combine-set.js';
import { endSet } from './end-set.js';
import { takeInHand } from './working-on.js';

const limits = { records: { most: 1000 }, matches: { least: 0, most: 500 } };

let parties: Parties;
let nats: RunningNats;
let agreements: Record<SetAgreement['release'], SignedAgreement<SetAgreement>>;
let all: string;
beforeAll(async () => {
  parties = await makeParties({ holders });
  const agree = (release: SetAgreement['release']) => parties.agreeOnSets({ release, limits });
  agreements = {
    count: await agree('count'),
    'on-match': await agree('on-match'),
    'on-approval': await agree('on-approval'),
  };
  nats = await startBroker(parties);
  all = await mkdtemp(join(tmpdir(), 'anonymesh-aggregator-'));
}, 60_000);
afterAll(async () => {
  await Promise.all(killed.map((desk) => desk.close()));
  await nats.stop();
  await rm(all, { recursive: true });
});

let folder: string;
beforeEach(async () => {
  folder = join(all, randomUUID());
  await mkdir(folder);
});

/** As a new process finds it. */
const open = (): Promise<SetDesk> =>
  openSetDesk(parties, nats, {
    store: { kind: 'embedded', file: join(folder, 'store.db') },
    spool: join(folder, 'spool'),
    agreements: Object.values(agreements),
  });

/** Queries of which something is on disk. */
const spooled = async () => (await readdir(join(folder, 'spool'))).filter((name) => name !== 'keeper');

const killed: SetDesk[] = [];

/** Does something in a process of which nothing is heard afterwards: what it has not committed by then is not done. */
async function process<Result>(effect: (desk: SetDesk) => Promise<Result>): Promise<Result> {
  const desk = await open();
  killed.push(desk);
  return effect(desk);
}

/** The node of a process that dies at its n-th transaction from now. */
function dyingAt(node: RealNode, count: number): RealNode {
  let left = count;
  const transact: RealNode['courier']['transact'] = (effect) => {
    left -= 1;
    return left < 0 ? Promise.reject(new Error('killed')) : node.courier.transact(effect);
  };
  return { ...node, courier: { ...node.courier, transact } };
}

async function inHand(desk: SetDesk, { queryId }: MadeSetQuery) {
  const found = await takeInHand(desk.node, queryId);
  if (found === undefined) throw new Error('no such set');
  return found;
}

const letters = async (made: MadeSetQuery, holder: string) =>
  tokensFrom(made, holder, sets[holder] ?? [], { perLetter: 8 });
/** All tokens, in one process. */
const sendAll = (made: MadeSetQuery): Promise<void> =>
  process(async (desk) => {
    await desk.take(made.letter);
    for (const holder of holders) await desk.takeTogether(await letters(made, holder));
  });

/** The rest of the query's life, in one process. */
const endOf = (made: MadeSetQuery): Promise<Posted> =>
  process(async (desk) => {
    await desk.work();
    return desk.ended(made);
  });

describe('a set query of an aggregator that is killed', () => {
  it('between any two letters, and before its matching, ends as if nothing had been', async () => {
    const made = await expectSet(parties, agreements['on-match']);
    await process((desk) => desk.take(made.letter));
    for (const holder of holders)
      for (const letter of await letters(made, holder)) await process((desk) => desk.take(letter));
    await process(async (desk) => expect(await desk.stage(made.queryId)).toBe('combining'));
    const posted = await endOf(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'released', people: 2 }]);
    const records = await posted.records();
    for (const holder of holders) expect(records[holder]?.map(({ note }) => note).sort()).toEqual(notes[holder]);
    await until('the spool is empty', async () => (await spooled()).length === 0);
  });

  it('while it matches, after its file was written, matches again', async () => {
    const made = await expectSet(parties, agreements['on-match']);
    await sendAll(made);
    await process(async (desk) => {
      await expect(combineSet(dyingAt(desk.node, 0), await inHand(desk, made))).rejects.toThrow('killed');
      expect(await readdir(join(folder, 'spool', made.queryId))).toContain('matches');
    });
    expect((await endOf(made)).outcomes()).toMatchObject([{ outcome: 'released', people: 2 }]);
  });

  it('at any letter with matches goes on with the next, and no record leaves twice', async () => {
    const made = await expectSet(parties, agreements['on-match']);
    await sendAll(made);
    await process(async (desk) => combineSet(desk.node, await inHand(desk, made)));
    for (const left of [16, 22]) {
      await process(async (desk) => {
        await expect(endSet(dyingAt(desk.node, 1), await inHand(desk, made))).rejects.toThrow('killed');
        expect(await inHand(desk, made)).toMatchObject({ set: { letters: left }, query: { state: 'open' } });
      });
    }
    const posted = await endOf(made);
    expect(posted.matches().map(({ letter }) => letter)).toEqual(Array.from({ length: 22 }, (_, letter) => letter));
    const records = await posted.records();
    for (const holder of holders) expect(records[holder]?.map(({ note }) => note).sort()).toEqual(notes[holder]);
    expect(posted.outcomes()).toHaveLength(1);
  });

  it('before and between approvals waits for the rest of them', async () => {
    const made = await expectSet(parties, agreements['on-approval']);
    await sendAll(made);
    await process(async (desk) => combineSet(desk.node, await inHand(desk, made)));
    for (const holder of holders) {
      const letter = await releaseFrom(made, holder, [{ surname: 'Surname 1', note: holder }]);
      await process(async (desk) => {
        expect(await desk.stage(made.queryId)).toBe('approving');
        await desk.take(letter);
      });
    }
    const posted = await endOf(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'released', people: 2 }]);
    expect(await posted.records()).toMatchObject(
      Object.fromEntries(holders.map((holder) => [holder, [{ note: holder }]])),
    );
    for (const holder of holders)
      expect(posted.matched(holder).map(({ body }) => body.word)).toEqual(['approve', 'ended']);
  });

  it('after its end, before its tokens were removed, removes them when it is back', async () => {
    await mkdir(join(folder, 'spool', 'ab'.repeat(16)), { recursive: true });
    const made = await expectSet(parties, agreements.count);
    await process((desk) => desk.take(made.letter));
    for (const letter of await letters(made, 'police')) await process((desk) => desk.take(letter));
    const desk = await open();
    await desk.work();
    await desk.close();
    expect(await spooled()).toEqual([made.queryId]);
  });
});

describe('what an aggregator keeps of a set query', () => {
  it('has nobody in it: no key, no name, no note, however it is written', async () => {
    const made = await expectSet(parties, agreements['on-match']);
    await sendAll(made);
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
    const bytes = Buffer.concat(await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name)))));
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['police.tags', 'police.rest', 'store.db']));
    const texts = Object.values(sets).flatMap((records) =>
      records.flatMap(({ keys, row }) => [...keys, ...Object.values(row)].filter((text) => (text?.length ?? 0) > 3)),
    );
    expect(texts).toContain('child 1');
    for (const text of texts)
      for (const encoding of ['utf8', 'hex', 'base64url'] as const)
        expect(bytes.includes(Buffer.from(text ?? '').toString(encoding))).toBe(false);
  });
});
