// Completed three-holder checks a second, and how long one takes: the whole mesh on this machine, PostgreSQL with fsync,
// signatures, seals and durable streams on.
import { Agent } from 'node:http';
import { cpus } from 'node:os';
import { audienceOf, caseworker, devToken } from '@anonymesh/founding';
import { makeCheck, type CaseSystem } from './check.js';
import { startMeshOnPostgres } from './mesh-on-postgres.js';
import { processorTimes } from './processor-times.js';

const warmUp = 10_000;
const duration = 30_000;
/** Checks under way at a time when measuring how many are completed. */
const concurrency = 32;
/** Checks asked a second when measuring how long one takes. */
const rate = 20;

export async function measureChecks(profiles?: string): Promise<object> {
  const { mesh, stop } = await startMeshOnPostgres(profiles);
  try {
    const { issuer, clientId, clientSecret, password } = mesh.login;
    const login = { issuer, clientId, clientSecret, username: caseworker, password };
    const token = await devToken({ ...login, audience: audienceOf('immigration') });
    const agent = new Agent({ keepAlive: true, maxSockets: 256 });
    const caseSystem = { url: mesh.url('immigration'), token, agent };
    await sustained(caseSystem, warmUp);
    const before = await processorTimes();
    const perSecond = (await sustained(caseSystem, duration)).length / (duration / 1000);
    const after = await processorTimes();
    report(before, after, perSecond * (duration / 1000));
    const took = (await atRate(caseSystem)).sort((a, b) => a - b);
    agent.destroy();
    const percentile = (share: number) => Math.round(took[Math.ceil(took.length * share) - 1] ?? NaN);
    return {
      perSecond: Math.round(perSecond * 10) / 10,
      p50Ms: percentile(0.5),
      p99Ms: percentile(0.99),
      cores: cpus().length,
    };
  } finally {
    await stop();
  }
}

/** As many as can be, a few at a time. Returns the milliseconds that each completed one took. */
async function sustained(caseSystem: CaseSystem, milliseconds: number): Promise<number[]> {
  const end = performance.now() + milliseconds;
  const took: number[] = [];
  const askOn = async (first: number) => {
    for (let number = first; performance.now() < end; number += concurrency) {
      const one = await makeCheck(caseSystem, number);
      if (performance.now() < end) took.push(one);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, (_, first) => askOn(first)));
  return took;
}

/** So many a second, whether or not the earlier ones are done. */
async function atRate(caseSystem: CaseSystem): Promise<number[]> {
  const began = performance.now();
  const asked: Promise<number>[] = [];
  for (let number = 0; number < (rate * duration) / 1000; number += 1) {
    const due = began + (number * 1000) / rate;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    asked.push(makeCheck(caseSystem, number));
  }
  return Promise.all(asked);
}

/** On standard error: where the processor's time goes, in milliseconds a check. */
function report(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>, checks: number): void {
  const spent = [...after].map(([name, time]) => [name, (time - (before.get(name) ?? 0)) / checks] as const);
  for (const [name, each] of spent.sort(([, a], [, b]) => b - a))
    process.stderr.write(`${name.padEnd(24)}${each.toFixed(2)} ms of processor a check\n`);
}
