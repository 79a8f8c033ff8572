// What may happen in a model mesh, in whatever order, and how it comes to rest.
import fc from 'fast-check';
import type { Model } from './model-mesh.js';
import { hour } from './model-truth.js';
import { waitFor } from './own-clock.js';

/** How often each happens. */
export const meshSteps = {
  draft: 3,
  sign: 8,
  'sign by all': 4,
  withdraw: 1,
  rotate: 1,
  restart: 2,
  /** Publishes what is in the folder, and says that it is in force. */
  round: 14,
  wait: 3,
  expire: 1,
  deliver: 30,
  double: 4,
  'lose order': 2,
  rob: 3,
  lose: 2,
  kill: 2,
} as const;

export type MeshStep = keyof typeof meshSteps;
/** Numbers are taken modulo what there is. */
export type Step<Kind extends string> = readonly [kind: Kind, one: number, two: number];

export function anyStepOf<Kind extends string>(weighted: Readonly<Record<Kind, number>>): fc.Arbitrary<Step<Kind>> {
  const kinds = Object.keys(weighted) as Kind[];
  return fc.tuple(
    fc.oneof(...kinds.map((kind) => ({ weight: weighted[kind], arbitrary: fc.constant(kind) }))),
    fc.nat(1000),
    fc.nat(1000),
  );
}

export function isMeshStep(kind: string): kind is MeshStep {
  return Object.hasOwn(meshSteps, kind);
}

const dayAt = (days: number) => new Date(Date.now() + days * 24 * hour).toISOString().slice(0, 10);

export async function takeStep(model: Model, [kind, one, two]: Step<MeshStep>): Promise<void> {
  waitFor(1000); // time never stands still
  const { ids, letters, documents } = model;
  const party = ids[one % ids.length] ?? '';
  const [hash] = [...documents.keys()].slice(two % Math.max(documents.size, 1));
  const at = one % Math.max(letters.length, 1);
  switch (kind) {
    case 'draft':
      return void model.draft({
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
      return waitFor(((two % 12) + 1) * hour);
    case 'expire':
      return waitFor(untilOver(model, hash));
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

/** Milliseconds to the end of that agreement's last day, where that is near. */
function untilOver({ documents }: Model, hash = ''): number {
  const last = Date.parse(documents.get(hash)?.validity.until ?? '');
  const left = last + 24 * hour - Date.now();
  return left > 0 && left < 96 * hour ? left : 0;
}

/** Everybody has started anew and told what they know; nothing is on its way. */
export async function settle(model: Model): Promise<void> {
  for (const id of model.ids) await model.restart(id);
  for (let rounds = 0; rounds < 8; rounds++) {
    for (const id of model.ids) await model.round(id);
    if (model.letters.length === 0) return;
    while (model.letters.length > 0) await model.deliver(model.letters.length % 3 === 0 ? 0 : model.letters.length - 1);
    waitFor(hour / 50);
  }
  throw new Error('they do not stop telling each other');
}
