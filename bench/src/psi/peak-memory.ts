// The most memory that processes ever had in use (VmHWM of /proc/PID/status, proc(5)): of named ones, and of what they
// start, which may be gone before anybody asks.
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const lookEvery = 200;

export interface Status {
  readonly pid: number;
  readonly parent: number;
  readonly peakMB: number;
}

/** `undefined` for a process without memory of its own: of the kernel, or one that has just ended. */
export function readStatus(text: string): Status | undefined {
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1];
  const [pid, parent, peak] = [field('Pid'), field('PPid'), field('VmHWM')];
  if (pid === undefined || parent === undefined || peak === undefined) return undefined;
  return { pid: Number(pid), parent: Number(parent), peakMB: Number(peak) / 1024 };
}

/** In MiB. Rejects if there is no such process. */
export async function peakOf(pid: number): Promise<number> {
  const status = await statusOf(pid);
  if (status === undefined) throw new Error(`no process ${pid}`);
  return status.peakMB;
}

/**
 * The highest peak under each name: a root's own, and that of what runs below it as `name/child`. MiB.
 */
export function peaksByName(roots: ReadonlyMap<number, string>, all: readonly Status[]): Map<string, number> {
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const peaks = new Map<string, number>();
  for (const { pid, parent, peakMB } of all) {
    const own = roots.get(pid);
    const root = own ?? rootAbove(parent, parents, roots);
    if (root === undefined) continue;
    const name = own ?? `${root}/child`;
    peaks.set(name, Math.max(peaks.get(name) ?? 0, peakMB));
  }
  return peaks;
}

function rootAbove(
  from: number,
  parents: ReadonlyMap<number, number>,
  roots: ReadonlyMap<number, string>,
): string | undefined {
  for (let at: number | undefined = from; at !== undefined && at > 0; at = parents.get(at)) {
    const root = roots.get(at);
    if (root !== undefined) return root;
  }
  return undefined;
}

/** Looks again and again until it is stopped, which gives the peaks, in MiB. */
export function watchPeaks(roots: ReadonlyMap<number, string>): { stop(): Promise<ReadonlyMap<string, number>> } {
  const peaks = new Map<string, number>();
  const stopped = new AbortController();
  const look = async () => {
    for (const [name, peak] of peaksByName(roots, await statusOfAll()))
      peaks.set(name, Math.max(peaks.get(name) ?? 0, peak));
  };
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      await look();
      await wait(lookEvery, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await watching;
      await look();
      return peaks;
    },
  };
}

async function statusOfAll(): Promise<Status[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(pids.map((pid) => statusOf(Number(pid))));
  return all.filter((status) => status !== undefined);
}

async function statusOf(pid: number): Promise<Status | undefined> {
  try {
    return readStatus(await readFile(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
