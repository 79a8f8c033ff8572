// Sends a stream of events (WHATWG HTML, server-sent events) to one browser until the source ends or the browser goes.
// A browser that comes back says which event it saw last, and goes on from there.
import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

export type ServerEvent = {
  /** What the browser sends back as Last-Event-ID. One line. */
  readonly id: string;
  readonly event: string;
  /** Sent as JSON. */
  readonly data: unknown;
};

export type EventStream = {
  readonly request: { readonly headers: IncomingMessage['headers'] };
  readonly reply: { hijack(): unknown; getHeaders(): OutgoingHttpHeaders; readonly raw: ServerResponse };
  /** The events after the one that was seen last. It must end when `signal` aborts: the browser has gone. */
  readonly events: (lastSeen: string | undefined, signal: AbortSignal) => AsyncIterable<ServerEvent>;
  /** Milliseconds between two signs of life, without which proxies close the connection; 15 seconds by default. */
  readonly heartbeat?: number;
};

export async function streamEvents({ request, reply, events, heartbeat = 15_000 }: EventStream): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  if (raw.destroyed) gone.abort(); // it went before we listened, and nothing will say so again
  raw.writeHead(200, {
    ...reply.getHeaders(),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // Told to nginx, which would collect the events first.
    'x-accel-buffering': 'no',
  });
  raw.write(': open\n\n');
  const beating = setInterval(() => raw.write(': alive\n\n'), heartbeat);
  try {
    for await (const event of events(lastSeenBy(request.headers), gone.signal)) {
      if (gone.signal.aborted) return;
      if (!raw.write(textOf(event))) await drained(raw, gone.signal);
    }
  } catch (error) {
    // A source that is told to stop may say so by throwing.
    if (!gone.signal.aborted) throw error;
  } finally {
    clearInterval(beating);
    raw.end();
  }
}

function textOf({ id, event, data }: ServerEvent): string {
  // A line break in a name or an id would begin a field of the sender's choice; JSON has none.
  return `id: ${oneLine(id)}\nevent: ${oneLine(event)}\ndata: ${JSON.stringify(data)}\n\n`;
}

function oneLine(text: string): string {
  if (!/^[\x20-\x7e]{1,128}$/.test(text)) throw new TypeError('id or name of an event is not one line of ASCII');
  return text;
}

function lastSeenBy(headers: IncomingMessage['headers']): string | undefined {
  const seen = headers['last-event-id'];
  return typeof seen === 'string' && /^[\x20-\x7e]{1,128}$/.test(seen) ? seen : undefined;
}

// A browser that stops reading does not make us keep its events in memory.
async function drained(raw: ServerResponse, signal: AbortSignal): Promise<void> {
  await once(raw, 'drain', { signal });
}
