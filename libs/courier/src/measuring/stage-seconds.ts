// How long the stages of a query take. Of a letter, from its signing until it is handled: taken when it comes, and so
// before a holder has evaluated anything. Of a query, from its asking until it is decided.
import type { Message } from '@anonymesh/protocol';
import type { Metrics, Observation } from '@anonymesh/runtime';

const buckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600];

export type Handled = (message: string, issuedAt: number) => void;

export function measureLetters(metrics: Metrics, messages: readonly Message[]): Handled {
  const observe = metrics.histogram({
    name: 'anonymesh_stage_seconds',
    help: 'From the signing of a message until it was handled here, by message',
    labels: { message: messages.map(({ name }) => name) },
    buckets,
  });
  return (message, issuedAt) => observe({ message }, Math.max(0, Date.now() - issuedAt) / 1000);
}

type Kinds = { readonly kind: readonly ['check', 'set'] };
const made = new WeakMap<Metrics, Observation<Kinds>>();

/** Records how long queries take at this party until they are decided. Made once for each process. */
export function querySeconds(metrics: Metrics): Observation<Kinds> {
  const known = made.get(metrics);
  if (known !== undefined) return known;
  const observe = metrics.histogram({
    name: 'anonymesh_query_seconds',
    help: 'From when this party heard of a query until it was decided, by kind',
    labels: { kind: ['check', 'set'] },
    buckets,
  });
  made.set(metrics, observe);
  return observe;
}
