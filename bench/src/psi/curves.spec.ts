import { describe, expect, it } from '@jest/globals';
import { curvesOf } from './curves.js';
import { drawPlot } from './draw-plot.js';
import { figuresOf } from './figures.js';

const measured = (seconds: number) => ({ seconds, stages: {}, bytes: 1, peaks: new Map<string, number>() });
const psiJs = { seconds: 90, peakMemoryMB: 1 };
const figures = (elements: number, engine: string | undefined, seconds?: number) =>
  figuresOf({ elements, mode: 'count', engine, psiJs, mesh: seconds === undefined ? undefined : measured(seconds) });

describe('the curves of the plot', () => {
  it('are one of the mesh for each engine, and one of psi.js', () => {
    const series = [figures(100, 'native-kernel', 1), figures(100, 'sodium', 5), figures(1000, 'sodium', 50)];
    const curves = curvesOf([...series, figures(1000, 'native-kernel', 10)]);
    expect(curves.map(({ name, points }) => [name, points.map(({ seconds }) => seconds)])).toEqual([
      ['mesh, native-kernel', [1, 10]],
      ['mesh, sodium', [5, 50]],
      ['psi.js', [90, 90]],
    ]);
    expect(new Set(curves.map(({ look }) => look)).size).toBe(3);
    for (const { name } of curves) expect(drawPlot('Time', curves)).toContain(`>${name}</text>`);
  });

  it('leave out what was not measured, and have no engine where none was named', () => {
    expect(curvesOf([figures(100, undefined, 2)]).map(({ name }) => name)).toEqual(['mesh', 'psi.js']);
    expect(curvesOf([figures(100, 'noble')]).map(({ name }) => name)).toEqual(['psi.js']);
    expect(curvesOf([])).toEqual([]);
  });

  it('are as many as there are engines, and no more than can be told apart', () => {
    const engines = ['native-kernel', 'wasm-kernel', 'sodium', 'noble', 'another'];
    expect(curvesOf(engines.slice(0, 4).map((engine) => figures(100, engine, 1)))).toHaveLength(5);
    expect(() => curvesOf(engines.map((engine) => figures(100, engine, 1)))).toThrow(RangeError);
  });
});
