// The figures as a table of Markdown: for the terminal, and to be pasted into docs/performance.md.
import type { Figures } from './figures.js';

const columns: readonly (readonly [string, (figures: Figures) => string | number | null])[] = [
  ['elements', ({ elements }) => elements.toLocaleString('en-GB')],
  ['engine', ({ engine }) => engine],
  ['library, s', ({ librarySeconds }) => librarySeconds],
  ['mesh, s', ({ meshSeconds }) => meshSeconds],
  ['psi.js, s', ({ psiJsSeconds }) => psiJsSeconds],
  ['psi.js ÷ library', ({ ratio }) => ratio.library],
  ['psi.js ÷ mesh', ({ ratio }) => ratio.mesh],
  ['pairs/s in the mesh', ({ pairsPerSecond }) => pairsPerSecond.mesh],
  ['bytes sent a pair', ({ bytesPerElement }) => bytesPerElement],
  ['peak memory, MB', ({ peakMemoryMB }) => peakMemoryMB],
];

/** One line for each measured size and engine; what was not measured is a dash. */
export function tableOf(series: readonly Figures[]): string {
  return drawn(
    columns.map(([title]) => title),
    series.map((figures) => columns.map(([, cell]) => String(cell(figures) ?? '–'))),
  );
}

/** One line for each engine, and how many times the slowest it is; `rates` by name, of one core. */
export function tableOfEngines(rates: Readonly<Record<string, number>>): string {
  const slowest = Math.min(...Object.values(rates));
  const rows = Object.entries(rates).map(([name, rate]) => [
    name,
    rate.toLocaleString('en-GB'),
    (rate / slowest).toFixed(1),
  ]);
  return drawn(['engine', 'multiplications/s on a core', '× the slowest'], rows);
}

function drawn(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => `${'-'.repeat(width - 1)}:`).join(' | ')} |`;
  return [line(titles), rule, ...rows.map(line)].join('\n');
}
