// How a query stands, as the requester's node tells it and as it is told at a terminal: one word at the end, and how many
// have answered, never who.
import { queryId } from '@anonymesh/protocol';
import { z } from 'zod';
import { No } from '../telling/no.js';
import { columns, done, type Told } from '../telling/told.js';

/** A word of a closed list that is the node's affair. */
const word = z.string().regex(/^[a-z][a-z-]{0,63}$/);

export const queryView = z.object({
  queryId,
  kind: z.enum(['check', 'set']),
  state: z.enum(['asking', 'waiting', 'retracting', 'decided', 'refused']),
  answered: z.int().min(0),
  holders: z.int().min(0),
  deadline: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  progress: z.object({ stage: word, percent: z.int() }).optional(),
  outcome: word.optional(),
  people: z.int().optional(),
  code: word.optional(),
});
export type QueryView = z.infer<typeof queryView>;

export function hasEnded({ state }: QueryView): boolean {
  return state === 'decided' || state === 'refused';
}

/** On the way to the end: for people, one line. */
export function passingWords({ state, answered, holders, progress }: QueryView): string {
  const stage = progress === undefined ? '' : `; ${progress.stage}, ${progress.percent} %`;
  return `${state}: ${answered} of ${holders} holders have answered${stage}`;
}

/** Yes where it is decided. Throws where the mesh has refused it. */
export function tellQuery(view: QueryView): Told {
  const { queryId, kind, state, answered, holders, deadline, endedAt, progress, outcome, people, code } = view;
  if (state === 'refused') {
    const details = { ...(code === undefined ? {} : { code }), query: view };
    throw new No('declined', `The mesh has refused the query (${code ?? 'no reason'})`, { details });
  }
  const rows: (readonly [string, string | undefined])[] = [
    ['query', queryId],
    ['kind', kind],
    ['state', state],
    ['answered', `${answered} of ${holders}`],
    ['progress', progress && `${progress.stage}, ${progress.percent} %`],
    ['deadline', deadline],
    ['ended', endedAt],
    ['outcome', outcome],
    ['people', people?.toString()],
    ['because', code],
  ];
  const lines = columns(rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  return state === 'decided' ? done(lines, view) : { lines, json: view, ok: false };
}

/** Throws where it has ended in another way before the mesh heard that it was taken back. */
export function tellRetracted(view: QueryView): Told {
  const { queryId: id, state, outcome } = view;
  if (state === 'retracting') return done(`${id}: is being taken back`, view);
  if (outcome === 'retracted') return done(`${id}: taken back`, view);
  throw new No('declined', `${id}: has ended before it could be taken back`, { details: { query: view } });
}
