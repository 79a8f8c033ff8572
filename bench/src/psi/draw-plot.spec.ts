import { describe, expect, it } from '@jest/globals';
import { drawPlot, type Curve } from './draw-plot.js';

const curve = (name: string, look: Curve['look'], ...seconds: number[]): Curve => ({
  name,
  look,
  points: seconds.map((each, step) => ({ elements: 100 * 10 ** step, seconds: each })),
});

function linesOf(svg: string): [number, number][][] {
  return [...svg.matchAll(/class="line [abc]" d="M([^"]+)"/g)].map(([, path = '']) =>
    path.split('L').map((pair) => pair.split(' ').map(Number) as [number, number]),
  );
}

describe('the plot', () => {
  it('draws equal factors as equal distances on both axes', () => {
    const [[first, second, third] = []] = linesOf(drawPlot('Time', [curve('library', 'a', 1, 10, 100)]));
    expect(second![0] - first![0]).toBeCloseTo(third![0] - second![0], 0);
    expect(first![1] - second![1]).toBeCloseTo(second![1] - third![1], 0);
    expect(third![0]).toBeGreaterThan(first![0]);
    expect(third![1]).toBeLessThan(first![1]);
  });

  it('puts a value upon the line of its power of ten', () => {
    const svg = drawPlot('Time', [curve('library', 'a', 0.1, 1, 10)]);
    const [[, second] = []] = linesOf(svg);
    expect(svg).toContain(`<path class="grid" d="M${second![0]} `);
    expect(svg).toContain(`<path class="grid" d="M72 ${second![1]}H`);
    expect(svg).toContain('>0.1</text>');
    expect(svg).toContain('>10,000</text>');
  });

  it('keeps every point and every name inside, also where values are close together', () => {
    const svg = drawPlot('Time', [curve('a', 'a', 0.02, 3), curve('b', 'b', 0.021, 3.01), curve('c', 'c', 0.3, 3)]);
    for (const [x, y] of linesOf(svg).flat()) {
      expect(x).toBeGreaterThanOrEqual(72);
      expect(x).toBeLessThanOrEqual(592);
      expect(y).toBeGreaterThanOrEqual(48);
      expect(y).toBeLessThanOrEqual(380);
    }
    const names = [...svg.matchAll(/y="([\d.]+)">[abc]<\/text>/g)].map(([, y]) => Number(y)).sort((a, b) => a - b);
    expect(names).toHaveLength(3);
    expect(names[1]! - names[0]!).toBeGreaterThanOrEqual(18);
    expect(names[2]! - names[1]!).toBeGreaterThanOrEqual(18);
  });

  it('draws a single point, and leaves out a curve without one', () => {
    const svg = drawPlot('Time', [curve('library', 'a', 1), curve('mesh', 'b')]);
    expect(linesOf(svg)).toHaveLength(1);
    expect(svg).not.toContain('NaN');
    expect(svg).not.toContain('mesh');
  });

  it('has a look for dark pages, and escapes what it is told', () => {
    const svg = drawPlot('a < b & c', [curve('<script>', 'a', 1)]);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).toContain('<title>a &lt; b &amp; c</title>');
    expect(svg).not.toContain('<script>');
  });

  it.each([0, -1, NaN])('does not draw %p seconds', (seconds) => {
    expect(() => drawPlot('Time', [curve('library', 'a', seconds)])).toThrow(RangeError);
  });

  it('does not draw nothing', () => {
    expect(() => drawPlot('Time', [])).toThrow(RangeError);
  });
});
