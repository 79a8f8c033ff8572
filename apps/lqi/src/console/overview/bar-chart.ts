// A bar chart as the numbers of which its picture is drawn: bars, their labels and lines across. No text of anybody's.

export interface Bar {
  readonly label: string;
  readonly value: number;
}

export interface BarChart {
  readonly width: number;
  readonly height: number;
  readonly bars: readonly (Bar & {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    /** Where there is room for it. */
    readonly shown: boolean;
  })[];
  readonly lines: readonly { readonly y: number; readonly value: number }[];
}

const width = 640;
const height = 240;
const margin = { left: 48, top: 24, right: 8, bottom: 32 };
const mostLabels = 7;

export function barChart(bars: readonly Bar[]): BarChart {
  const top = roundUp(Math.max(1, ...bars.map(({ value }) => value)));
  const room = { x: width - margin.left - margin.right, y: height - margin.top - margin.bottom };
  const step = room.x / Math.max(1, bars.length);
  const every = Math.ceil(bars.length / mostLabels);
  const yOf = (value: number) => round(margin.top + room.y * (1 - value / top));
  return {
    width,
    height,
    bars: bars.map((bar, index) => ({
      ...bar,
      x: round(margin.left + index * step + step * 0.15),
      y: yOf(bar.value),
      width: round(step * 0.7),
      height: round((room.y * bar.value) / top),
      shown: (bars.length - 1 - index) % every === 0,
    })),
    lines: [0, top / 2, top].filter(Number.isInteger).map((value) => ({ y: yOf(value), value })),
  };
}

/** To 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
