// Whether a process can serve anything, and what is amiss with it otherwise. Who is not ready is routed nothing: so only
// that counts without which nothing can be served, lest one agreement that is amiss hide the pages that would say so. Who
// asks learns the names of checks and codes, and nothing else.
import { setTimeout } from 'node:timers/promises';
import type { Log } from './log.js';
import { loggable } from './loggable.js';
import type { Checked } from './wellness/check.js';

/** The token under which apps provide their checks (`readonly ReadinessCheck[]`) to Nest. */
export const READINESS = Symbol('readiness');

export type Condition = Pick<Checked, 'state' | 'code'>;

export type ReadinessCheck = {
  readonly name: string;
  /** Whether nothing at all can be served while it fails. */
  readonly needed: boolean;
  /** One that throws, or takes longer than two seconds, is failing. */
  readonly check: () => Promise<Condition>;
};

export type Readiness = {
  readonly ready: boolean;
  /** `degraded`: something is failing, and what does not need it is served. */
  readonly state: 'ready' | 'degraded' | 'not-ready';
  readonly checks: Readonly<Record<string, Condition>>;
};

const patience = 2_000;
const silent: Condition = { state: 'failing', code: 'no-answer' };

export async function askReadiness(checks: readonly ReadinessCheck[], log: Log): Promise<Readiness> {
  const asked = await Promise.all(checks.map(async (each) => ({ ...each, found: await conditionOf(each, log) })));
  const failing = asked.filter(({ found }) => found.state === 'failing');
  const ready = failing.every(({ needed }) => !needed);
  const state = ready ? (failing.length === 0 ? 'ready' : 'degraded') : 'not-ready';
  return { ready, state, checks: Object.fromEntries(asked.map(({ name, found }) => [name, found])) };
}

async function conditionOf({ name, check }: ReadinessCheck, log: Log): Promise<Condition> {
  const over = new AbortController();
  try {
    const late = setTimeout(patience, silent, { signal: over.signal, ref: false }).catch(() => silent);
    return await Promise.race([check(), late]);
  } catch (error) {
    log.fault('readiness.check-failed', error, { check: loggable.code(name) });
    return silent;
  } finally {
    over.abort();
  }
}
