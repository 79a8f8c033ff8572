// Asks a child process that can be killed, for work that cannot be interrupted in process: a statement of SQLite, a
// pipeline over documents. One question of a template at a time; the others wait, and are asked of a new child after a
// kill.
import type { ChildProcess } from 'node:child_process';
import { converse, endProcess, startProcess } from './killable-process.js';
import { SourceFault } from './source-fault.js';
import type { Limits, Row } from './source.js';

export interface Killable<Question> {
  /** `template`: whose question it is. The time limit counts from when the child begins. Rejects with a SourceFault. */
  ask(template: string, question: Question, milliseconds: number): Promise<readonly Row[]>;
  close(): Promise<void>;
}

interface Child<Question> {
  ask(question: Question, milliseconds: number): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** Of one source at most: each has the records in its memory, or a part of them. */
const mostChildren = 4;

interface Kept<Question> {
  readonly child: Child<Question>;
  template: string;
  waiting: number;
}

/** While a template's questions wait for a child, others are asked of another one, so that a slow one holds up no other. */
export function keepKillable<Question extends Pick<Limits, 'rows'>>(
  entry: URL,
  parameters: readonly string[],
): Killable<Question> {
  const start = (): Kept<Question> => ({ child: keepChild(entry, parameters), template: '', waiting: 0 });
  const all = [start()]; // so that the first to be asked has read its files

  const childFor = (template: string): Kept<Question> => {
    const own = all.find((each) => each.waiting > 0 && each.template === template);
    const free = own ?? all.find((each) => each.waiting === 0);
    if (free !== undefined) return free;
    if (all.length === mostChildren) return all.reduce((a, b) => (b.waiting < a.waiting ? b : a));
    const fresh = start();
    all.push(fresh);
    return fresh;
  };

  return {
    ask: async (template, question, milliseconds) => {
      const kept = childFor(template);
      kept.template = template;
      kept.waiting += 1;
      try {
        return await kept.child.ask(question, milliseconds);
      } finally {
        kept.waiting -= 1;
      }
    },
    close: async () => {
      await Promise.all(all.map(({ child }) => child.close()));
    },
  };
}

function keepChild<Question extends Pick<Limits, 'rows'>>(entry: URL, parameters: readonly string[]): Child<Question> {
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
  child = start();

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
