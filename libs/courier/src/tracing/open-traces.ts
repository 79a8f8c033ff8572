// Spans for OpenTelemetry, sent to the party's own collector. The provider is not registered with the API's globals: what
// other libraries would trace of themselves, such as the text of statements, has no way out.
import { bearsContext, letterContextOf, traceparent, traceparentOf } from '@anonymesh/protocol';
import type { Log } from '@anonymesh/runtime';
import { headers } from '@nats-io/transport-node';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, type Link } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  RandomIdGenerator,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import { setTimeout as wait } from 'node:timers/promises';
import { traceIds } from './trace-ids.js';
import type { LetterSeen, Traces } from './traces.js';

export interface TracesConfig {
  /** Where OTLP is taken over HTTP. */
  readonly url: string;
  /** From 0 to 1. */
  readonly share: number;
}

export interface Traced {
  readonly app: string;
  readonly party: string;
  /** This party's alone, the same in all of its copies. */
  readonly secret: Buffer;
  readonly log: Log;
}

/** Milliseconds in which spans are handed over, or tried again. */
const patience = 10_000;
/** Milliseconds: a node that closes waits no longer for its last spans. */
const lastPatience = 2000;
const kinds = { send: SpanKind.PRODUCER, receive: SpanKind.CONSUMER, request: SpanKind.CLIENT };

export function openTraces({ url, share }: TracesConfig, { app, party, secret, log }: Traced): Traces {
  const traceId = traceIds(secret);
  // A span without a parent takes its trace's id from here: it is put there just before the span begins.
  let next = traceId(undefined);
  const random = new RandomIdGenerator();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'anonymesh',
      'service.name': app,
      'anonymesh.party': party,
    }),
    sampler: new TraceIdRatioBasedSampler(share),
    idGenerator: { generateTraceId: () => next, generateSpanId: () => random.generateSpanId() },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: telling(new OTLPTraceExporter({ url, timeoutMillis: patience }), log),
      }),
    ],
  });
  const tracer = provider.getTracer('anonymesh');
  return {
    name: 'traces',
    begin: (doing, seen) => {
      const { letter, subject, from, attempt, query, began = Date.now() } = seen;
      next = traceId(query);
      const attributes = {
        'messaging.system': 'nats',
        'messaging.destination.name': subject,
        'messaging.message.id': letter,
        ...(from === undefined ? {} : { 'anonymesh.from': from }),
        ...(attempt === undefined ? {} : { 'anonymesh.attempt': attempt }),
      };
      const name = `${doing} ${subject.split('.').at(-1) ?? ''}`;
      const links = doing === 'receive' ? linksOfTaken(seen) : [linkTo(letter, false)];
      const span = tracer.startSpan(name, { kind: kinds[doing], startTime: began, attributes, links }, ROOT_CONTEXT);
      return (end) => {
        span.setAttribute('anonymesh.end', end);
        if (end === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      };
    },
    // For all letters, also of queries that are not traced: which are is not to be seen on the broker's line.
    inject: (letter) => {
      const own = headers();
      own.set(traceparent, traceparentOf(letter));
      return { headers: own };
    },
    close: () => Promise.race([provider.shutdown(), wait(lastPatience, undefined, { ref: false })]),
  };
}

function linksOfTaken({ letter, headers: stood }: LetterSeen): Link[] {
  return bearsContext(letter, stood?.()) ? [linkTo(letter, true)] : [];
}

function linkTo(letter: string, isRemote: boolean): Link {
  return { context: { ...letterContextOf(letter), traceFlags: TraceFlags.NONE, isRemote } };
}

/** What cannot be handed over is dropped, and said. */
function telling(exporter: SpanExporter, log: Log): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined) log.warn('traces.not-exported', { spans: spans.length });
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
