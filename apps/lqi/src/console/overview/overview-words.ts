// The overview as people read it.
import type { CheckState } from '@anonymesh/runtime';
import type { Overview } from '../../overview/overview.js';
import { barChart } from './bar-chart.js';

const labels: Readonly<Record<string, string>> = {
  broker: 'Broker',
  permissions: 'What the broker lets it send',
  database: 'Database with the records',
  store: 'The node’s own store',
  clock: 'Clock',
  agreements: 'Agreements',
  disk: 'Disk',
  rights: 'What the database account may do',
  directory: 'Directory',
  keys: 'Files with secrets',
  certificates: 'Certificates',
  names: 'Names of machines',
  'last-query': 'Last query',
};

const tags: Readonly<Record<CheckState, { readonly text: string; readonly classes: string }>> = {
  well: { text: 'Well', classes: 'govuk-tag--green' },
  attention: { text: 'Look at this', classes: 'govuk-tag--yellow' },
  failing: { text: 'Not working', classes: 'govuk-tag--red' },
  unknown: { text: 'Not known', classes: 'govuk-tag--grey' },
};

export function overviewWords({ at, checks, counts }: Overview) {
  const total = counts?.perDay.reduce((sum, { queries }) => sum + queries, 0) ?? 0;
  return {
    at,
    summary: summaryOf(checks.map(({ state }) => state)),
    checks: checks.map((check) => ({ ...check, label: labels[check.name] ?? check.name, tag: tags[check.state] })),
    counts,
    total,
    perDay: counts && barChart(counts.perDay.map(({ day, queries }) => ({ label: shortDay(day), value: queries }))),
    byTime: counts && barChart(counts.byTime.map(({ upTo, queries }) => ({ label: timeWords(upTo), value: queries }))),
  };
}

function summaryOf(states: readonly CheckState[]): string {
  const count = (wanted: CheckState) => states.filter((state) => state === wanted).length;
  const failing = count('failing');
  if (failing > 0) return failing === 1 ? 'One thing does not work.' : `${failing} things do not work.`;
  const attention = count('attention');
  if (attention > 0) return attention === 1 ? 'One thing wants looking at.' : `${attention} things want looking at.`;
  return count('unknown') > 0 ? 'Nothing is wrong as far as can be known.' : 'Everything is well.';
}

function shortDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(day));
}

function timeWords(upTo: number | undefined): string {
  if (upTo === undefined) return 'longer';
  return upTo < 60_000 ? `${upTo / 1000} s` : `${upTo / 60_000} min`;
}
