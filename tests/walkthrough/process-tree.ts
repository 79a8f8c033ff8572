// The processes below a process, and the memory that they take together, from Linux's /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** The process and all its descendants, as of now. */
export function treeOf(root: number): number[] {
  const parents = new Map(pids().flatMap((pid) => parentOf(pid)?.map((parent) => [pid, parent] as const) ?? []));
  const below = (pid: number): number[] => [
    pid,
    ...[...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => below(child)),
  ];
  return below(root);
}

/** Those of the processes that still run; a zombie has ended. */
export function alive(some: readonly number[]): number[] {
  return some.filter((pid) => parentOf(pid) !== undefined);
}

/** Bytes of memory, what several share counted once: the sum of their proportional set sizes. */
export function memoryOf(some: readonly number[]): number {
  const kilobytes = some.map((pid) =>
    Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, each) => sum + each, 0) * 1024;
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** In a list, for a pid may be 0; undefined where the process has ended. */
function parentOf(pid: number): [number] | undefined {
  // The command, in brackets, may hold anything.
  const [state, parent] =
    read(`/proc/${pid}/stat`)
      ?.replace(/^.*\) /s, '')
      .split(' ') ?? [];
  return state === undefined || state === 'Z' ? undefined : [Number(parent)];
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined; // it has ended meanwhile
    throw error;
  }
}
