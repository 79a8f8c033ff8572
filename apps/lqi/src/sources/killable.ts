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

/** Templates beyond so many share a child with others: each has the records in its memory, or a part of them. */
const mostChildren = 4;

/** Each template has a child of its own, so that a slow one holds up no other. */
export function keepKillable<Question extends Pick<Limits, 'rows'>>(
  entry: URL,
  parameters: readonly string[],
): Killable<Question> {
  const first = keepChild<Question>(entry, parameters); // so that the first to be asked has read its files
  const children = [first];
  const childOf = new Map<string, Child<Question>>();

  const assign = (template: string) => {
    const turn = childOf.size % mostChildren;
    const child = (children[turn] ??= keepChild(entry, parameters));
    childOf.set(template, child);
    return child;
  };

  return {
    ask: (template, question, milliseconds) => (childOf.get(template) ?? assign(template)).ask(question, milliseconds),
    close: async () => {
      await Promise.all(children.map((child) => child.close()));
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
