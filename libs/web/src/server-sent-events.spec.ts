import { EventEmitter, on, once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { streams } from './fixtures/api.controller.js';
import { serve } from './fixtures/serve.js';
import { streamEvents, type ServerEvent } from './server-sent-events.js';

let api: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  api = await serve();
});
afterAll(() => api.close());

async function* three(): AsyncGenerator<ServerEvent> {
  for (const id of ['1', '2', '3'])
    yield { id, event: 'progress', data: { answered: Number(id), note: 'a\n\nevent: b' } };
}

describe('a stream of events', () => {
  it('has each event with its id, its name and its data on one line, and the headers of every answer', async () => {
    streams.push({ events: three });
    const answer = await fetch(`${api.url}/api/events`);
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const blocks = (await answer.text()).trimEnd().split('\n\n');
    expect(blocks).toHaveLength(4);
    expect(blocks[1]).toBe('id: 1\nevent: progress\ndata: {"answered":1,"note":"a\\n\\nevent: b"}');
  });

  it('goes on after the event that the browser saw last, if that is an id at all', async () => {
    const seen: (string | undefined)[] = [];
    for (const id of ['2', 'x'.repeat(129), 'é']) {
      streams.push({
        events: (lastSeen) => {
          seen.push(lastSeen);
          return three();
        },
      });
      await (await fetch(`${api.url}/api/events`, { headers: { 'last-event-id': id } })).text();
    }
    expect(seen).toEqual(['2', undefined, undefined]);
  });

  it('shows signs of life while nothing happens', async () => {
    const source = new EventEmitter();
    streams.push({ heartbeat: 10, events: (_last, signal) => eventsOf(source, signal) });
    const stop = new AbortController();
    const answer = await fetch(`${api.url}/api/events`, { signal: stop.signal });
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes(': alive\n\n: alive\n\n')) break;
    }
    stop.abort();
    expect(text).toMatch(/^: open\n\n: alive/);
  });

  it('tells its source to end where the browser went before the stream began', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const asking = request({ port, host: '127.0.0.1' }).on('error', () => undefined);
    asking.end();
    const [incoming, raw] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
    const closed = once(raw, 'close');
    asking.destroy();
    await closed;
    const told: boolean[] = [];
    const reply = { raw, hijack: () => undefined, getHeaders: () => ({}) };
    await streamEvents({
      request: incoming,
      reply,
      events: (_last, signal) => {
        told.push(signal.aborted);
        return three();
      },
    });
    expect(told).toEqual([true]);
    server.close();
  });

  it('ends when the browser goes, without a fault', async () => {
    const source = new EventEmitter();
    streams.push({ events: (_last, signal) => eventsOf(source, signal) });
    const stop = new AbortController();
    const answer = await fetch(`${api.url}/api/events`, { signal: stop.signal });
    expect(answer.status).toBe(200);
    expect(source.listenerCount('event')).toBe(1);
    const left = once(source, 'removeListener');
    stop.abort();
    await left;
    expect(source.listenerCount('event')).toBe(0);
    expect(api.lines.join('')).not.toContain('request.failed');
  });

  it('keeps no events in memory for a browser that does not read', async () => {
    let produced = 0;
    async function* endless(signal: AbortSignal): AsyncGenerator<ServerEvent> {
      while (!signal.aborted) yield { id: String(++produced), event: 'progress', data: 'x'.repeat(10_000) };
    }
    streams.push({ events: (_last, signal) => endless(signal) });
    const stop = new AbortController();
    await fetch(`${api.url}/api/events`, { signal: stop.signal });
    let before = -1;
    const deadline = Date.now() + 5_000;
    while (produced !== before && Date.now() < deadline) {
      before = produced;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(produced).toBe(before);
    expect(produced).toBeGreaterThan(0);
    stop.abort();
  });

  it('breaks off when its source fails or names an event in two lines, and tells our log only', async () => {
    for (const bad of ['a\nevent: b', '']) {
      api.lines.splice(0);
      streams.push({
        events: async function* () {
          yield { id: '1', event: bad, data: 'QQ123456C' };
        },
      });
      const text = await fetch(`${api.url}/api/events`).then((answer) => answer.text(), String);
      expect(text).not.toContain('event: b');
      expect(api.lines.join('')).toContain('request.failed');
    }
  });
});

async function* eventsOf(source: EventEmitter, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  for await (const [event] of on(source, 'event', { signal })) yield event as ServerEvent;
}
