// Which curves the plot has: the mesh with each engine that was measured, and psi.js.
import { looks, type Curve } from './draw-plot.js';
import type { Figures } from './figures.js';

/** In the order in which engines were measured. Throws a RangeError for more curves than a plot can tell apart. */
export function curvesOf(series: readonly Figures[]): Curve[] {
  const byEngine = [...Map.groupBy(series, ({ engine }) => engine)];
  const [first] = byEngine;
  // psi.js was measured once for each size, whatever the engines.
  const named = [
    ...byEngine.map(([engine, all]) => ({
      name: engine === null ? 'mesh' : `mesh, ${engine}`,
      points: pointsOf(all, ({ meshSeconds }) => meshSeconds),
    })),
    { name: 'psi.js', points: pointsOf(first?.[1] ?? [], ({ psiJsSeconds }) => psiJsSeconds) },
  ].filter(({ points }) => points.length > 0);
  return named.map((curve, place) => {
    const look = looks[place];
    if (look === undefined) throw new RangeError('more curves than a plot can tell apart');
    return { ...curve, look };
  });
}

function pointsOf(series: readonly Figures[], secondsOf: (figures: Figures) => number | null) {
  return series.flatMap((figures) => {
    const seconds = secondsOf(figures);
    return seconds === null ? [] : [{ elements: figures.elements, seconds }];
  });
}
