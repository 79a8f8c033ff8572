// Looks again and again whether a node is well: what changes is logged, what fails is told to who asks for readiness.
// Operators learn the name of the check and a code.
import type { Log } from '../log.js';
import { loggable } from '../loggable.js';
import type { Metrics } from '../metrics.js';
import type { Closer } from '../open-app.js';
import type { Condition, ReadinessCheck } from '../readiness.js';
import { type Check, type Checked, lookAtAll } from './check.js';

export interface Wellness extends Closer {
  /** Looks anew; who asks while it is being looked shares what is found. */
  readonly look: () => Promise<readonly Checked[]>;
  /** By what was found last, so that asking often costs nothing. */
  readonly readiness: readonly ReadinessCheck[];
}

/** Milliseconds after which who asks for readiness makes it be looked anew, for the next who asks. */
const stale = 5000;
const notYet: Condition = { state: 'unknown', code: 'not-looked-yet' };

export function watchWellness(
  checks: readonly Check[],
  { log, metrics }: { readonly log: Log; readonly metrics: Metrics },
  every = 30_000,
): Wellness {
  const latest = new Map<string, Checked>();
  let looking: Promise<readonly Checked[]> | undefined;
  let lookedAt = Date.now();
  const look = () =>
    (looking ??= lookAtAll(checks)
      .then((found) => {
        for (const each of found) keep(each);
        lookedAt = Date.now();
        return found;
      })
      .finally(() => {
        looking = undefined;
      }));
  const keep = (checked: Checked) => {
    const before = latest.get(checked.name);
    latest.set(checked.name, checked);
    if (before?.code === checked.code && before.state === checked.state) return;
    const said = { check: loggable.code(checked.name), found: loggable.code(checked.code) };
    if (checked.state === 'failing') log.warn('wellness.failing', said);
    else if (checked.state === 'attention') log.warn('wellness.attention', said);
    else if (before !== undefined) log.info('wellness.changed', said);
  };
  metrics.gauge({
    name: 'anonymesh_check_failing',
    help: '1 for each check of the node that found something failing',
    labels: { check: checks.map(({ name }) => name) },
    read: async () =>
      [...latest.values()].map(({ name, state }) => ({ labels: { check: name }, value: state === 'failing' ? 1 : 0 })),
  });
  void look();
  const timer = setInterval(() => void look(), every).unref();
  return {
    name: 'wellness',
    look,
    readiness: checks.map(({ name }) => ({
      name,
      needed: false,
      check: async () => {
        if (Date.now() - lookedAt > stale) void look();
        const { state, code } = latest.get(name) ?? notYet;
        return { state, code };
      },
    })),
    close: async () => clearInterval(timer),
  };
}
