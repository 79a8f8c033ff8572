// How long a set query of two holders takes: through the library alone, through a whole mesh, and with psi.js on the same
// keys, and each engine of the group in itself, all in one run, because figures of different hours of a machine cannot be compared.
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runAlone } from './alone/run-alone.js';
import { curvesOf } from './curves.js';
import { drawPlot } from './draw-plot.js';
import { figuresOf, type Figures } from './figures.js';
import { meshQuery } from './mesh/mesh-query.js';
import { prepareSample } from './sample.js';
import type { PsiOptions } from './options.js';
import { tableOf, tableOfEngines } from './table.js';

const plot = fileURLToPath(new URL('../../../docs/performance-psi.svg', import.meta.url));

/**
 * The figures of the largest size with the engine that was named last; all of them in `series`; of several sizes the plot
 * for docs/performance.md, with a curve of the mesh for each engine; in `engines` how fast each one multiplies that this machine
 * can run.
 */
export async function measurePsi(options: PsiOptions): Promise<object> {
  const { engines } = options.without.has('engines') ? {} : await runAlone({ ...firstOf(options), what: 'engines' });
  if (engines !== undefined) process.stderr.write(`${tableOfEngines(engines)}\n\n`);
  const series: Figures[] = [];
  for (const elements of options.elements) series.push(...(await measureSize(elements, options)));
  process.stderr.write(`${tableOf(series)}\n`);
  const largest = series.at(-1);
  if (options.elements.length > 1)
    await writeFile(plot, drawPlot(`A set query of two holders (${options.mode})`, curvesOf(series)));
  return { ...largest, cores: cpus().length, engines: engines ?? null, ...(series.length > 1 ? { series } : {}) };
}

function firstOf({ elements: [elements = 0], mode }: PsiOptions) {
  return { elements, mode };
}

/** With each engine, and psi.js once. */
async function measureSize(elements: number, { mode, engines, without, profiles }: PsiOptions): Promise<Figures[]> {
  await prepareSample(elements);
  const measured = [];
  for (const engine of engines) {
    const order = { elements, mode, ...(engine === undefined ? {} : { engine }) };
    const library = without.has('library') ? undefined : await runAlone({ ...order, what: 'library' });
    const mesh = without.has('mesh') ? undefined : await meshQuery(order, profiles);
    measured.push({ ...order, library, mesh });
  }
  const psiJs = without.has('psi-js') ? undefined : await runAlone({ elements, mode, what: 'psi-js' });
  return measured.map((each) => figuresOf({ ...each, psiJs }));
}
