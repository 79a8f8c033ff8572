import { describe, expect, it } from '@jest/globals';
import { Refusal } from '@anonymesh/protocol';
import { openLog } from '@anonymesh/runtime';
import { openInbound, type Arrival } from './inbound.js';
import { noTraces } from './tracing/traces.js';

describe('what arrives', () => {
  it('is settled as malformed where its opening stumbles, and the next one is looked at', async () => {
    const lines: string[] = [];
    const refused: string[] = [];
    const settled: unknown[] = [];
    const inbound = openInbound({
      open: ({ data }) => {
        if (data.length === 0) throw new TypeError('of nothing');
        return 'unknown-key';
      },
      handle: () => Promise.reject(new Error('nothing was opened')),
      together: () => false,
      transact: () => Promise.reject(new Error('nothing was opened')),
      refused: (code) => void refused.push(code),
      handled: () => undefined,
      traces: noTraces,
      log: openLog({ app: 'spec', to: { write: (line) => void lines.push(line) } }),
    });
    const arrival = (data: string): Arrival => ({
      subject: 'mesh.coordinator.progress',
      data: Buffer.from(data),
      headers: () => undefined,
      attempt: 1,
      settle: (result) => void settled.push(result),
      giveBack: () => void settled.push('given back'),
      once: true,
    });
    for (const data of ['a', '', 'b']) inbound.take(arrival(data));
    await inbound.drain();
    expect(refused).toEqual(['unknown-key', 'malformed', 'unknown-key']);
    expect(settled).toEqual(refused.map((code) => new Refusal(code as 'malformed')));
    expect(lines.filter((line) => line.includes('message.not-opened'))).toHaveLength(1);
  });
});
