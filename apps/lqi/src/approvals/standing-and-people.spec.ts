import { describe, expect, it } from '@jest/globals';
import type { Agreement } from '@anonymesh/protocol';
import fc from 'fast-check';
import { makeParty } from '../../../../tests/mesh/make-parties.js';
import { modelFolders } from '../../../../tests/mesh/model-folders.js';
import { openModel, type Drafted, type Model } from '../../../../tests/mesh/model-mesh.js';
import { anyStepOf, isMeshStep, meshSteps, settle, takeStep, type Step } from '../../../../tests/mesh/model-steps.js';
import { hour } from '../../../../tests/mesh/model-truth.js';
import { waitFor } from '../../../../tests/mesh/own-clock.js';
import { rightToRemain } from '../../../../tests/mesh/right-to-remain.js';
import { pinnedTax } from '../fixtures/made-dispatch.js';
import { openStaffed, type Asked, type Killed, type Staffed } from '../fixtures/staffed-model.js';
import { tables } from '../store/tables.js';

/** About two seconds each. */
const runs = Number(process.env['PEOPLE_RUNS'] ?? 20);

const weighted = {
  ...meshSteps,
  draft: 1,
  sign: 2,
  'sign by all': 2,
  round: 4,
  deliver: 8,
  lose: 1,
  /** All sign and run an agreement that is new. */
  'agree anew': 3,
  /** Everybody tells everybody, and hears of it. */
  talk: 8,
  ask: 16,
  arrive: 16,
  'arrive twice': 3,
  approve: 30,
  'approve again': 4,
  refuse: 3,
  sweep: 8,
  /** The time to decide on a question is over, or that to answer it. */
  'decide late': 1,
  'be late': 1,
  /** Something happens while the database is at work. */
  meanwhile: 1,
} as const;
type Kind = keyof typeof weighted;

const rules = ['none', 'each query', 'each query by two people'] as const;
const people = ['ann', 'bob', 'cyd'] as const;
const kills: readonly Killed[] = ['before', 'after', undefined, undefined, undefined, undefined];

const nextFolder = modelFolders('people');

/** Six parties must sign a check, or seven: the schema asks for no fewer. `in-force.spec` has two to six. */
const openMesh = (holders: number) =>
  openModel({
    folder: nextFolder(),
    parties: [
      makeParty('immigration', 'requester'),
      makeParty('coordinator', 'coordinator'),
      makeParty('aggregator', 'aggregator'),
      makeParty('appeal-portal', 'portal'),
      ...Array.from({ length: holders }, (_, index) => makeParty(`holder-${index}`, 'holder')),
    ],
    agree,
    tables,
  });

/** Its last digit says which holder's people are asked, and how many of them. */
function agree(parties: Agreement['parties'], drafted: Drafted): Agreement {
  const content = rightToRemain(parties, { deadlineSeconds: 20 * 3600 });
  const first = Number(drafted.title?.at(-1) ?? 0);
  const holders = content.holders.map((terms, index) => {
    return { ...terms, template: pinnedTax, approval: rules[(first + index) % rules.length] ?? 'none' };
  });
  return { ...content, holders, ...drafted };
}

const talk = async (model: Model) => {
  for (const id of model.ids) await model.round(id);
  while (model.letters.length > 0) await model.deliver(0);
};

const agreeAnew = async (model: Model, rule: number) => {
  const hash = model.draft({ id: `agreement-${model.documents.size + 2}`, title: `Draft ${rule % 3}` });
  for (const id of model.ids) await model.put(id, hash, model.ids);
  await talk(model);
};

/** What is on its way to a holder: questions that have not come, or come again. */
type Coming = Asked[];

async function go(model: Model, staffed: Staffed, coming: Coming, [kind, one, two]: Step<Kind>): Promise<void> {
  if (isMeshStep(kind)) return takeStep(model, [kind, one, two]);
  const holders = model.ids.filter((id) => id.startsWith('holder'));
  const holder = holders[one % holders.length] ?? '';
  const hashes = [...model.documents.keys()];
  const killed = kills[two % kills.length];
  const open = staffed.asked
    .filter(({ words, due }) => words.length === 0 && due > Date.now())
    .filter((asked) => !coming.includes(asked));
  const question = open[one % Math.max(open.length, 1)];
  const person = people[two % people.length] ?? '';
  switch (kind) {
    case 'talk':
      return talk(model);
    case 'agree anew':
      return agreeAnew(model, one);
    case 'ask':
      return void coming.push(
        await staffed.ask(holder, hashes.at(-1 - (two % 2 === 0 ? 0 : one % hashes.length)) ?? ''),
      );
    case 'arrive':
    case 'arrive twice': {
      const at = one % Math.max(coming.length, 1);
      const [next] = kind === 'arrive' && killed !== 'before' ? coming.splice(at, 1) : coming.slice(at, at + 1);
      return next && staffed.arrive(next, killed);
    }
    case 'approve':
      return question && staffed.decide(question, person, 'approve', killed);
    case 'approve again':
      return question && staffed.decide(question, [...question.approvedBy][0] ?? person, 'approve', undefined);
    case 'refuse':
      return question && staffed.decide(question, person, 'refuse', killed);
    case 'decide late':
      if (question === undefined) return;
      waitFor(Math.max(question.decideBy - Date.now(), 0));
      return staffed.decide(question, person, 'approve', undefined);
    case 'be late':
      return question && waitFor(question.due - Date.now());
    case 'sweep':
      return staffed.sweep(holder);
    case 'meanwhile':
      return staffed.during((asked) => happens(model, asked, one));
  }
}

/** While the database is at work: another party withdraws and all hear of it, or the holder itself, or time runs out. */
async function happens(model: Model, { holder, hash, due }: Asked, which: number): Promise<void> {
  if (which % 3 === 0) return waitFor(due - Date.now());
  await model.withdraw(which % 3 === 1 ? 'coordinator' : holder, hash, true);
  while (model.letters.length > 0) await model.deliver(0);
  await model.wrong(); // what is over now is noted
}

/** All is told, has come and is over. What could be answered must have been. */
async function finish(model: Model, staffed: Staffed, coming: Coming): Promise<void> {
  staffed.during(async () => undefined);
  await settle(model);
  for (const asked of coming) await staffed.arrive(asked, undefined);
  const holders = new Set(staffed.asked.map(({ holder }) => holder));
  for (const id of holders) await staffed.sweep(id);
  for (const asked of staffed.asked) {
    const standing = (await model.standings(asked.holder)).get(asked.hash);
    const isTaken = (await staffed.rowOf(asked))?.state === 'open';
    const isDue = asked.approvedBy.size >= asked.needs && asked.signer === model.signingOf('immigration').kid;
    if (isTaken && isDue && standing?.standing === 'in-force') staffed.faults.push(`${asked.queryId} is not answered`);
  }
  for (const asked of staffed.asked.toSorted((a, b) => a.decideBy - b.decideBy)) {
    if ((await staffed.rowOf(asked))?.state !== 'open') continue;
    waitFor(Math.max(asked.decideBy - Date.now(), 0));
    await staffed.sweep(asked.holder);
  }
  waitFor(24 * hour);
  for (const id of holders) await staffed.sweep(id);
}

const wordsOf: Readonly<Record<string, readonly string[]>> = {
  answered: ['answer'],
  refused: ['refusal'],
  dropped: [],
  'never taken up': [],
};

describe('holders whose people are asked', () => {
  it(
    'evaluate nothing but what all have signed, stands and people have approved; and every question ends, once',
    async () => {
      const seen = new Map<string, number>();
      const note = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 2, max: 3 }),
          fc.array(anyStepOf(weighted), { minLength: 60, maxLength: 120, size: 'max' }),
          async (holders, steps) => {
            const model = await openMesh(holders);
            const staffed = openStaffed(model);
            const coming: Coming = [];
            try {
              await agreeAnew(model, steps.length);
              for (const each of steps) {
                await go(model, staffed, coming, each);
                note(each[0]);
                expect([...(await model.wrong()), ...staffed.faults]).toEqual([]);
              }
              await finish(model, staffed, coming);
              expect([...(await model.wrong()), ...staffed.faults]).toEqual([]);
              const views = await Promise.all(model.ids.map(async (id) => [...(await model.standings(id))]));
              for (const view of views) expect(view).toEqual(views[0]);
              for (const asked of staffed.asked) {
                const row = await staffed.rowOf(asked);
                const end = row?.state ?? 'never taken up';
                note(end);
                note(`${end} ${row?.code ?? `with ${asked.needs}`}`);
                expect([asked.queryId, end, asked.words]).toEqual([asked.queryId, end, wordsOf[end]]);
              }
            } finally {
              await model.close();
            }
          },
        ),
        { numRuns: runs, endOnFailure: true },
      );
      // It has been to all places that matter.
      const ends = ['answered with 0', 'answered with 1', 'answered with 2', 'dropped'];
      for (const what of [...ends, 'refused not-approved', 'refused agreement-not-in-force'])
        expect([what, (seen.get(what) ?? 0) > 0]).toEqual([what, true]);
    },
    20_000 * runs,
  );
});
