// Asks a child process that can be killed, for work that cannot be interrupted in process: a statement of SQLite, a
// pipeline over documents. One question at a time; the others wait, and are asked of a new child after a kill.
import type { ChildProcess } from 'node:child_process';
import { converse, endProcess, startProcess } from './killable-process.js';
import { SourceFault } from './source-fault.js';
import type { Limits, Row } from './source.js';

export interface Killable<Question> {
  /** The time limit counts from when the child begins. Rejects with a SourceFault. */
  ask(question: Question, milliseconds: number): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export function keepKillable<Question extends Pick<Limits, 'rows'>>(
  entry: URL,
  parameters: readonly string[],
): Killable<Question> {
  let child: ChildProcess | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;

  const start = () => {
    const started = startProcess(entry, parameters);
    const forget = () => {
      if (child === started) child = undefined;
    };
    return started.once('exit', forget).on('error', forget);
  };
  child = start(); // so that the first to be asked has read its files

  const askNow = async (question: Question, milliseconds: number): Promise<readonly Row[]> => {
    if (closed) throw new SourceFault('unavailable');
    const asked = (child ??= start());
    try {
      return (await converse(asked, { question, atOnce: question.rows + 1 }, milliseconds)).rows;
    } catch (cause) {
      const fault = cause instanceof SourceFault ? cause : new SourceFault('unavailable', cause);
      if (fault.code === 'timeout' || fault.code === 'unavailable') {
        child = undefined;
        await endProcess(asked);
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
      if (last !== undefined) await endProcess(last);
    },
  };
}
