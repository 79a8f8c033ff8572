// A child process for work that cannot be interrupted in process: started with nothing of our environment that it has no
// use for, spoken with in turns of one message and its report, and ended at once.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parentVariable } from './parent-variable.js';
import { unpackRows, type PackedRows } from './packed-rows.js';
import { SourceFault, type SourceFaultCode } from './source-fault.js';
import type { Row } from './source.js';

/** What the child is sent: a question, of whose rows it reports the first `atOnce`, or that more of them are wanted. */
export type Request<Question> = { readonly question: Question; readonly atOnce: number } | { readonly more: true };

/** What the child sends: first that it is ready to begin, then how it ended. `ended`: there are no more rows. */
export type Report =
  | { readonly began: true }
  | { readonly rows: readonly PackedRows[]; readonly ended: boolean }
  | { readonly fault: SourceFaultCode; readonly text: string };

export interface Answer {
  readonly rows: readonly Row[];
  readonly ended: boolean;
  /** Milliseconds since the child began. */
  readonly took: number;
}

const toBegin = 60_000;

export function startProcess(entry: URL, parameters: readonly string[]): ChildProcess {
  // Of our environment only what Node itself needs; and who we are, for a child that begins when we are gone already.
  const { NODE_OPTIONS = '', PATH } = process.env;
  const env = { NODE_OPTIONS, PATH, [parentVariable]: String(process.pid) };
  // What it read is garbage at once: collected sooner than usual, it takes 40 MB less and no longer.
  const execArgv = ['--max-semi-space-size=2'];
  const started = fork(fileURLToPath(entry), parameters, { env, execArgv, serialization: 'advanced' });
  // Whoever speaks with it hears of its end; an error that nobody listens for would end us.
  return started.on('error', () => undefined);
}

/** The time limit counts from when the child begins. Rejects with a SourceFault, also when `signal` is aborted. */
export async function converse<Question>(
  child: ChildProcess,
  request: Request<Question>,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const late = () => reject(new SourceFault('timeout'));
  let timer = setTimeout(() => reject(new SourceFault('unavailable')), toBegin);
  let began = performance.now();
  const hear = (report: Report) => {
    if ('began' in report) {
      began = performance.now();
      clearTimeout(timer);
      timer = setTimeout(late, milliseconds);
    } else if ('rows' in report) resolve({ ...report, rows: unpackRows(report.rows), took: performance.now() - began });
    else reject(new SourceFault(report.fault, new Error(report.text)));
  };
  const gone = (cause: unknown) => reject(new SourceFault('unavailable', cause));
  const unwanted = () => gone(signal?.reason);
  signal?.addEventListener('abort', unwanted);
  child.on('message', hear).once('exit', gone).once('error', gone);
  try {
    if (signal?.aborted === true) unwanted();
    child.send(request, (error) => error && gone(error));
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', unwanted);
    child.off('message', hear).off('exit', gone).off('error', gone);
  }
}

export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
