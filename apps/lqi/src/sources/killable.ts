// Asks a child process that can be killed, for work that cannot be interrupted in process: a statement of SQLite, a
// pipeline over documents. One question at a time; the others wait, and are asked of a new child after a kill.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SourceFault, type SourceFaultCode } from './source-fault.js';

/** What the child sends: first that it is ready to begin, then how it ended. */
export type Report<Answer> =
  { readonly began: true } | { readonly answer: Answer } | { readonly fault: SourceFaultCode; readonly text: string };

export interface Killable<Question, Answer> {
  /** The time limit counts from when the child begins. Rejects with a SourceFault. */
  ask(question: Question, milliseconds: number): Promise<Answer>;
  close(): Promise<void>;
}

const toBegin = 60_000;

export function keepKillable<Question extends object, Answer>(
  entry: URL,
  parameters: string[],
): Killable<Question, Answer> {
  let child: ChildProcess | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;

  const start = () => {
    // Of our environment only what Node itself needs: the child has no use for anything else.
    const env = { NODE_OPTIONS: process.env['NODE_OPTIONS'] ?? '', PATH: process.env['PATH'] };
    const started = fork(fileURLToPath(entry), parameters, { env, execArgv: [], serialization: 'advanced' });
    const forget = () => {
      if (child === started) child = undefined;
    };
    started.once('exit', forget).on('error', forget);
    return started;
  };
  child = start(); // so that the first to be asked has read its files

  const askNow = async (question: Question, milliseconds: number): Promise<Answer> => {
    if (closed) throw new SourceFault('unavailable');
    const asked = (child ??= start());
    try {
      return await converse<Answer>(asked, question, milliseconds);
    } catch (cause) {
      const fault = cause instanceof SourceFault ? cause : new SourceFault('unavailable', cause);
      if (fault.code === 'timeout' || fault.code === 'unavailable') {
        child = undefined;
        await end(asked);
      }
      throw fault;
    }
  };

  return {
    ask: (question, milliseconds) => {
      const answer = turn.then(() => askNow(question, milliseconds));
      turn = answer.catch(() => undefined);
      return answer;
    },
    close: async () => {
      closed = true;
      const last = child;
      child = undefined;
      if (last !== undefined) await end(last);
    },
  };
}

async function converse<Answer>(child: ChildProcess, question: object, milliseconds: number): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const late = () => reject(new SourceFault('timeout'));
  let timer = setTimeout(() => reject(new SourceFault('unavailable')), toBegin);
  const hear = (report: Report<Answer>) => {
    if ('began' in report) {
      clearTimeout(timer);
      timer = setTimeout(late, milliseconds);
    } else if ('answer' in report) resolve(report.answer);
    else reject(new SourceFault(report.fault, new Error(report.text)));
  };
  const gone = (cause: unknown) => reject(new SourceFault('unavailable', cause));
  child.on('message', hear).once('exit', gone).once('error', gone);
  try {
    child.send(question, (error) => error && gone(error));
    return await promise;
  } finally {
    clearTimeout(timer);
    child.off('message', hear).off('exit', gone).off('error', gone);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
