import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { hour, openModel } from './fixtures/model-mesh.js';

type Model = Awaited<ReturnType<typeof openModel>>;
type Step = readonly [kind: (typeof kinds)[number], one: number, two: number];

const weighted = {
  draft: 3,
  sign: 8,
  'sign by all': 4,
  withdraw: 1,
  rotate: 1,
  restart: 2,
  round: 14,
  wait: 3,
  deliver: 30,
  double: 4,
  'lose order': 2,
  rob: 3,
  lose: 2,
  kill: 2,
} as const;
const kinds = Object.keys(weighted) as (keyof typeof weighted)[];
const step = fc.tuple(
  fc.oneof(...kinds.map((kind) => ({ weight: weighted[kind], arbitrary: fc.constant(kind) }))),
  fc.nat(1000),
  fc.nat(1000),
);

/** About a second each. */
const runs = Number(process.env['CONVERGING_RUNS'] ?? 60);

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-converging-'));
});
afterAll(() => rm(folder, { recursive: true }));
// The clock alone is ours.
beforeEach(() => {
  jest.useFakeTimers({
    now: Date.now(),
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
});
afterEach(() => void jest.useRealTimers());

const dayAt = (days: number) => new Date(Date.now() + days * 24 * hour).toISOString().slice(0, 10);

async function go(model: Model, [kind, one, two]: Step): Promise<void> {
  jest.setSystemTime(Date.now() + 1000); // time never stands still
  const { ids, letters, documents } = model;
  const party = ids[one % ids.length] ?? '';
  const [hash] = [...documents.keys()].slice(two % Math.max(documents.size, 1));
  const at = one % Math.max(letters.length, 1);
  switch (kind) {
    case 'draft':
      return model.draft({
        id: `agreement-${one % 2}`,
        version: (two % 3) + 1,
        title: `Draft ${one % 3}`,
        validity: { from: dayAt(two % 4 === 0 ? 1 : -1), until: dayAt(two % 5 === 0 ? 2 : 300) },
      });
    case 'sign':
      return hash === undefined ? undefined : model.put(party, hash, [party]);
    case 'sign by all':
      return hash === undefined ? undefined : model.put(party, hash, ids);
    case 'withdraw':
      return hash === undefined ? undefined : model.withdraw(party, hash, two % 2 === 0);
    case 'rotate':
      return model.rotate(party);
    case 'restart':
      return model.restart(party);
    case 'round':
      return model.round(party);
    case 'wait':
      return void jest.setSystemTime(Date.now() + ((two % 12) + 1) * hour);
    case 'deliver':
      return model.deliver(at);
    case 'kill':
      return model.deliver(at, true);
    case 'double':
      return void letters.push(...letters.slice(at, at + 1));
    case 'lose order':
      return void letters.reverse();
    case 'rob':
      return model.rob(at, two);
    case 'lose':
      return void letters.splice(at, 1);
  }
}

/** Everybody has started anew and told what they know; nothing is on its way. */
async function settle(model: Model): Promise<void> {
  for (const id of model.ids) await model.restart(id);
  for (let rounds = 0; rounds < 8; rounds++) {
    for (const id of model.ids) await model.round(id);
    if (model.letters.length === 0) return;
    while (model.letters.length > 0) await model.deliver(model.letters.length % 3 === 0 ? 0 : model.letters.length - 1);
    jest.setSystemTime(Date.now() + hour / 50);
  }
  throw new Error('they do not stop telling each other');
}

describe('nodes that tell each other of agreements', () => {
  it(
    'never run what is unsigned, expired, withdrawn or silent, whatever becomes of letters, keys and processes; and agree in the end',
    async () => {
      const seen = new Map<string, number>();
      const note = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 2, max: 3 }),
          fc.array(step, { minLength: 40, maxLength: 120, size: 'max' }),
          async (holders, steps) => {
            const model = await openModel(join(folder, String(++count)), holders);
            try {
              for (const each of steps) {
                await go(model, each);
                note(each[0]);
                expect(await model.wrong()).toEqual([]);
              }
              await settle(model);
              expect(await model.wrong()).toEqual([]);
              const views = await Promise.all(model.ids.map(async (id) => [...(await model.standings(id))]));
              for (const view of views) expect(view).toEqual(views[0]);
              for (const [, { standing }] of views[0] ?? []) note(`in the end ${standing}`);
              for (const key of model.truth.withdrew.keys()) {
                const [hash = ''] = key.split(' ');
                expect(new Map(views[0]).get(hash)?.standing).toBe('withdrawn');
              }
            } finally {
              await model.close();
            }
          },
        ),
        { numRuns: runs, endOnFailure: true },
      );
      // It has been to all places that matter.
      for (const what of ['in-force', 'withdrawn', 'superseded', 'in-conflict', 'unsigned'])
        expect([what, (seen.get(`in the end ${what}`) ?? 0) > 0]).toEqual([what, true]);
    },
    5_000 * runs,
  );
});
