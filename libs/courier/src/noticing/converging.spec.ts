import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atRiskChildren } from '../../../../tests/mesh/at-risk-children.js';
import { makeParty } from '../../../../tests/mesh/make-parties.js';
import { modelFolders } from '../../../../tests/mesh/model-folders.js';
import { openModel } from '../../../../tests/mesh/model-mesh.js';
import { anyStepOf, meshSteps, settle, takeStep } from '../../../../tests/mesh/model-steps.js';

/** About a second each. */
const runs = Number(process.env['CONVERGING_RUNS'] ?? 60);

const nextFolder = modelFolders('converging');

/** The schema asks for two holders and what stands between them; `in-force.spec` has two parties and more. */
const openMesh = (holders: number) =>
  openModel({
    folder: nextFolder(),
    parties: [
      makeParty('childrens-services', 'requester'),
      makeParty('coordinator', 'coordinator'),
      makeParty('aggregator', 'aggregator'),
      ...Array.from({ length: holders }, (_, index) => makeParty(`holder-${index}`, 'holder')),
    ],
    agree: (parties, drafted) => ({ ...atRiskChildren(parties), ...drafted }),
  });

describe('nodes that tell each other of agreements', () => {
  it(
    'never run what is unsigned, expired, withdrawn or silent, whatever becomes of letters, keys and processes; and agree in the end',
    async () => {
      const seen = new Map<string, number>();
      const note = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 2, max: 3 }),
          fc.array(anyStepOf(meshSteps), { minLength: 40, maxLength: 120, size: 'max' }),
          async (holders, steps) => {
            const model = await openMesh(holders);
            try {
              for (const each of steps) {
                await takeStep(model, each);
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
