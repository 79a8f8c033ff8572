// Processor time of every process below this one, by what it is: read from /proc (proc(5), stat).
import { readdir, readFile } from 'node:fs/promises';

/** One tick of /proc/PID/stat in milliseconds: USER_HZ is 100 on Linux. */
const tick = 10;

/** Milliseconds of processor that each program has used so far; processes of one program are added up. */
export async function processorTimes(): Promise<Map<string, number>> {
  const all = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(readProcess));
  const processes = new Map(all.flatMap((each) => (each === undefined ? [] : [[each.pid, each] as const])));
  const times = new Map<string, number>();
  for (const each of processes.values()) {
    if (!isBelow(each.pid, processes)) continue;
    times.set(each.name, (times.get(each.name) ?? 0) + each.time);
  }
  return times;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly time: number;
}

async function readProcess(id: string): Promise<Process | undefined> {
  try {
    const [stat, commandLine] = await Promise.all(
      ['stat', 'cmdline'].map((file) => readFile(`/proc/${id}/${file}`, 'utf8')),
    );
    if (stat === undefined || commandLine === undefined) return undefined;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const time = (Number(fields[11]) + Number(fields[12])) * tick;
    return { pid: Number(id), parent: Number(fields[1]), name: nameOf(commandLine), time };
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code))) return undefined;
    throw error;
  }
}

function isBelow(pid: number, processes: ReadonlyMap<number, Process>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 0; at = processes.get(at)?.parent)
    if (at === process.pid) return true;
  return false;
}

function nameOf(commandLine: string): string {
  const words = commandLine.split('\0');
  const config = words.indexOf('--config');
  if (config > 0) return words[config + 1]?.split('/').at(-2) ?? 'app';
  const child = words.find((word) => word.endsWith('-child.js'));
  return (child ?? words[0] ?? '').split('/').at(-1)?.split(':')[0] ?? '';
}
