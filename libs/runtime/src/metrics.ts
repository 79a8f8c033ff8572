// Counters and histograms of one process, read by its operator's monitoring (monitoring.ts). The values of every label are
// listed when it is made, so that no id of a query and nothing about a person can become a label.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The token under which apps provide their metrics to Nest. */
export const METRICS = Symbol('metrics');

export type ClosedLabels = Readonly<Record<string, readonly string[]>>;
export type LabelValues<Labels extends ClosedLabels> = { readonly [name in keyof Labels]: Labels[name][number] };

export type Count<Labels extends ClosedLabels> = (labels: LabelValues<Labels>, by?: number) => void;
export type Observation<Labels extends ClosedLabels> = (labels: LabelValues<Labels>, value: number) => void;

export type Reading = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

type Described<Labels extends ClosedLabels> = {
  readonly name: string;
  readonly help: string;
  /** Each label with all the values that it can have. */
  readonly labels: Labels;
};

export type Metrics = {
  readonly contentType: string;
  /** A function that counts; every combination of labels starts at zero. */
  counter<const Labels extends ClosedLabels>(described: Described<Labels>): Count<Labels>;
  /** A function that records a value, by convention in seconds or bytes. */
  histogram<const Labels extends ClosedLabels>(
    described: Described<Labels> & { readonly buckets: readonly number[] },
  ): Observation<Labels>;
  /** What is so now: read when somebody asks. What cannot be read, as while a store is down, is not told. */
  gauge(
    described: Omit<Described<ClosedLabels>, 'labels'> & {
      /** Values that are known only later, such as agreements, by a function. */
      readonly labels: Readonly<Record<string, readonly string[] | (() => readonly string[])>>;
      readonly read: () => Promise<readonly Reading[]>;
    },
  ): void;
  /** The text that Prometheus reads. */
  print(): Promise<string>;
};

export function openMetrics({ processMetrics = true }: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (processMetrics) collectDefaultMetrics({ register: registry });
  return {
    contentType: registry.contentType,
    counter: ({ name, help, labels }) => {
      const counter = new Counter({ name, help, labelNames: Object.keys(labels), registers: [registry] });
      for (const each of combinations(labels)) counter.inc(each, 0);
      return (values, by = 1) => counter.inc(closed(labels, values), by);
    },
    histogram: ({ name, help, labels, buckets }) => {
      const labelNames = Object.keys(labels);
      const histogram = new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] });
      for (const each of combinations(labels)) histogram.zero(each);
      return (values, value) => histogram.observe(closed(labels, values), value);
    },
    gauge: ({ name, help, labels, read }) => {
      const gauge: Gauge = new Gauge({
        name,
        help,
        labelNames: Object.keys(labels),
        registers: [registry],
        collect: async () => {
          const readings = await read().catch(() => undefined);
          gauge.reset();
          if (readings === undefined) return gauge.remove();
          const known = Object.fromEntries(
            Object.entries(labels).map(([label, values]) => [label, typeof values === 'function' ? values() : values]),
          );
          for (const each of combinations(known)) gauge.set(each, 0);
          for (const each of readings) gauge.inc(closed(known, each.labels), each.value);
        },
      });
    },
    print: () => registry.metrics(),
  };
}

// The types say so already; a cast must not open the list, and counting must not throw in the middle of a query.
function closed(labels: ClosedLabels, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, known]) => {
      const value = values[name];
      return [name, value !== undefined && known.includes(value) ? value : 'other'];
    }),
  );
}

function combinations(labels: ClosedLabels): Record<string, string>[] {
  return Object.entries(labels).reduce<Record<string, string>[]>(
    (before, [name, known]) => before.flatMap((each) => known.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );
}
