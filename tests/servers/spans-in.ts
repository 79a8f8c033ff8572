// The spans in what an OTLP exporter sends as JSON, each with whatever stands in it.

export interface SpanSeen {
  readonly party: string;
  readonly traceId: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** What holds anything, and is none of these, no id, kind, time or plain status: also in its links. */
  readonly extra: Readonly<Record<string, unknown>>;
}

type Pairs = readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
type Link = SpanSeen['links'][number] & Readonly<Record<string, unknown>>;
type Fields = Readonly<Record<string, unknown>> & {
  readonly attributes: Pairs;
  readonly name: string;
  readonly links: readonly Link[];
};

interface Exported {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Pairs };
    readonly scopeSpans: readonly { readonly spans: readonly (Fields & { readonly traceId: string })[] }[];
  }[];
}

export function spansIn(body: Buffer): SpanSeen[] {
  const { resourceSpans } = JSON.parse(body.toString()) as Exported;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const about = read(resource.attributes);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        party: String(about['anonymesh.party']),
        traceId: span.traceId,
        name: span.name,
        attributes: read(span.attributes),
        resource: about,
        links: span.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
        extra: span.links.reduce((extra, link) => ({ ...extra, ...extraOf(link) }), extraOf(span)),
      })),
    );
  });
}

function read(pairs: Pairs): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));
}

const times = ['startTimeUnixNano', 'endTimeUnixNano'];
const known = ['traceId', 'spanId', 'name', 'kind', 'flags', ...times, 'attributes', 'links'];
const empty = [undefined, null, '', 0, '[]', '{"code":0}', '{"code":2}'];

function extraOf(part: Fields | Link): Record<string, unknown> {
  const others = Object.entries(part).filter(([name]) => !known.includes(name));
  return Object.fromEntries(
    others.filter(
      ([, value]) => !empty.includes(typeof value === 'object' ? JSON.stringify(value) : (value as string)),
    ),
  );
}
