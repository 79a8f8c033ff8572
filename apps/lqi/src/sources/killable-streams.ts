// Streams from child processes that can be killed. Each stream has a child of its own, that is started for it and ends
// with it: a question that is asked meanwhile does not wait for it, and what it held is given back at once.
import type { ChildProcess } from 'node:child_process';
import { converse, endProcess, startProcess } from './killable-process.js';
import { SourceFault } from './source-fault.js';
import { batchSize, type Limits, type Row } from './source.js';

export interface KillableStreams<Question> {
  /** The child computes a batch when it is asked for, and its time limit counts only then. */
  stream(question: Question, milliseconds: number, signal?: AbortSignal): AsyncIterable<readonly Row[]>;
  close(): Promise<void>;
}

export function openKillableStreams<Question extends Pick<Limits, 'rows'>>(
  entry: URL,
  parameters: readonly string[],
): KillableStreams<Question> {
  const children = new Set<ChildProcess>();
  let closed = false;

  async function* stream(
    question: Question,
    milliseconds: number,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly Row[]> {
    if (closed) throw new SourceFault('unavailable');
    const child = startProcess(entry, parameters);
    children.add(child);
    let left = milliseconds;
    try {
      let answer = await converse(child, { question, atOnce: batchSize }, left, signal);
      for (left -= answer.took; ; left -= answer.took) {
        if (answer.rows.length > 0) yield answer.rows;
        if (answer.ended) return;
        if (left <= 0) throw new SourceFault('timeout');
        answer = await converse(child, { more: true }, left, signal);
      }
    } finally {
      children.delete(child);
      await endProcess(child);
    }
  }

  return {
    stream,
    close: async () => {
      closed = true;
      await Promise.all([...children].map(endProcess));
    },
  };
}
