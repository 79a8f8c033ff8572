import { describe, expect, it } from '@jest/globals';
import { figuresOf } from './figures.js';
import { tableOf, tableOfEngines } from './table.js';

const library = { seconds: 2, peakMemoryMB: 150.4, engine: 'sodium', multiplicationsPerSecondPerCore: 9_000.4 };
const peaks = new Map([
  ['police', 301.2],
  ['broker', 20],
]);
const mesh = { seconds: 8, stages: { reading: 1.234 }, bytes: 12_345_678, peaks };
const psiJs = { seconds: 30, peakMemoryMB: 400 };
const whole = figuresOf({ elements: 10_000, mode: 'count', library, mesh, psiJs });

describe('the figures of a size', () => {
  it('compare the times of both with the time of psi.js', () => {
    expect(whole.ratio).toEqual({ library: 15, mesh: 3.75 });
    expect(whole.pairsPerSecond).toEqual({ library: 5_000, mesh: 1_250 });
  });

  it('begin with what others read, in the order in which it is documented', () => {
    const read = ['elements', 'engine', 'librarySeconds', 'meshSeconds', 'psiJsSeconds', 'peakMemoryMB'];
    expect(Object.keys(whole).slice(0, 6)).toEqual(read);
  });

  it('take the peak of the mesh alone, and name that of every process', () => {
    expect(whole.peakMemoryMB).toBe(301);
    expect(whole.perProcessMB).toEqual({ police: 301, broker: 20, library: 150, 'psi.js': 400 });
    expect(figuresOf({ elements: 100, mode: 'count', library, psiJs }).peakMemoryMB).toBe(150);
  });

  it('say null for what was not measured, and nothing that is no JSON', () => {
    const figures = figuresOf({ elements: 100, mode: 'count' });
    expect(figures).toMatchObject({ engine: null, librarySeconds: null, peakMemoryMB: null, bytesPerElement: null });
    expect(figures.ratio).toEqual({ library: null, mesh: null });
    expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
  });

  it('count the bytes of both lists to one pair', () => {
    expect(whole.bytesPerElement).toBe(1_235);
  });
});

describe('the table', () => {
  it('has a line for each size and a dash for what was not measured', () => {
    const lines = tableOf([whole, figuresOf({ elements: 1_000_000, mode: 'count', library })]).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]?.split('|').map((cell) => cell.trim())).toEqual([
      '',
      '10,000',
      'sodium',
      '2',
      '8',
      '30',
      '15',
      '3.75',
      '1250',
      '1235',
      '301',
      '',
    ]);
    expect(lines[3]).toMatch(/1,000,000 .* sodium .* 2 .* – .* – .* – .* – .* – .* – .* 150/);
  });

  it('has columns of one width, as prettier writes them', () => {
    const widths = tableOf([whole])
      .split('\n')
      .map((line) => line.length);
    expect(new Set(widths).size).toBe(1);
  });

  it('compares engines with the slowest of them', () => {
    const lines = tableOfEngines({ 'native-kernel': 180_000, sodium: 9_000, noble: 1_000 }).split('\n');
    expect(lines.slice(2).map((line) => line.split('|').map((cell) => cell.trim()))).toEqual([
      ['', 'native-kernel', '180,000', '180.0', ''],
      ['', 'sodium', '9,000', '9.0', ''],
      ['', 'noble', '1,000', '1.0', ''],
    ]);
  });
});
