// Whether a process can do its work now: its store answers, its broker is connected. A check that fails, throws or
// takes too long is a no; who asks learns the names of the checks and nothing else.
import { setTimeout } from 'node:timers/promises';
import type { Log } from './log.js';
import { loggable } from './loggable.js';

/** The token under which apps provide their checks (`readonly ReadinessCheck[]`) to Nest. */
export const READINESS = Symbol('readiness');

export type ReadinessCheck = {
  readonly name: string;
  readonly check: () => Promise<boolean>;
};

export type Readiness = {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, boolean>>;
};

const patience = 2_000;

export async function askReadiness(checks: readonly ReadinessCheck[], log: Log): Promise<Readiness> {
  const answers = await Promise.all(checks.map(async (each) => [each.name, await passes(each, log)] as const));
  return { ready: answers.every(([, passed]) => passed), checks: Object.fromEntries(answers) };
}

async function passes({ name, check }: ReadinessCheck, log: Log): Promise<boolean> {
  const over = new AbortController();
  try {
    const late = setTimeout(patience, false, { signal: over.signal, ref: false }).catch(() => false);
    return (await Promise.race([check(), late])) === true;
  } catch (error) {
    log.fault('readiness.check-failed', error, { check: loggable.code(name) });
    return false;
  } finally {
    over.abort();
  }
}
