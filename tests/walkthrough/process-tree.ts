// The processes below a process, and the memory that they take together, from Linux's /proc.
import { readdirSync, readFileSync } from 'node:fs';
import { isNativeError } from 'node:util/types';

/** The process and all its descendants, as of now. */
export function treeOf(root: number): number[] {
  const tasks = ifThere(() => readdirSync(`/proc/${root}/task`)) ?? [];
  const children = tasks.flatMap((task) => read(`/proc/${root}/task/${task}/children`)?.match(/\d+/g) ?? []);
  return [root, ...children.flatMap((child) => treeOf(Number(child)))];
}

/** Those of the processes that still run; a zombie has ended. */
export function alive(some: readonly number[]): number[] {
  return some.filter((pid) => {
    // The command, in brackets, may hold anything.
    const state = read(`/proc/${pid}/stat`)?.replace(/^.*\) /s, '')[0];
    return state !== undefined && state !== 'Z';
  });
}

/** Bytes of memory, what several share counted once: the sum of their proportional set sizes. */
export function memoryOf(some: readonly number[]): number {
  const sizes = some.map((pid) => /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1]);
  return sizes.reduce((sum, kilobytes) => sum + Number(kilobytes ?? 0), 0) * 1024;
}

function read(file: string): string | undefined {
  return ifThere(() => readFileSync(file, 'utf8'));
}

/** A process may end between two looks. */
function ifThere<Result>(look: () => Result): Result | undefined {
  try {
    return look();
  } catch (error) {
    if (isNativeError(error) && 'code' in error) return undefined;
    throw error;
  }
}
