// Seconds over elements as an SVG, both axes logarithmic: lines of the measured points, and nothing in between made up.
// Readable on a light and on a dark page, and without colours by its marks and labels.

/** How a curve is drawn; there are as many as a plot can have. */
export const looks = ['a', 'b', 'c', 'd', 'e'] as const;
export type Look = (typeof looks)[number];

export interface Curve {
  readonly name: string;
  /** Of the style. */
  readonly look: Look;
  readonly points: readonly { readonly elements: number; readonly seconds: number }[];
}

const [width, height] = [760, 440];
const inner = { left: 72, right: 592, top: 48, bottom: 380 };

const style = `
    svg { color-scheme: light dark; font: 14px system-ui, sans-serif; background: #fff; color: #1d1d1f; }
    text { fill: currentColor; } .grid { stroke: currentColor; stroke-opacity: 0.16; }
    .line { fill: none; stroke-width: 2.5; }
    .a { stroke: #0b5cad; } .b { stroke: #a8420b; stroke-dasharray: 8 4; } .c { stroke: #4b5320; stroke-dasharray: 2 4; }
    .d { stroke: #6b2c91; stroke-dasharray: 12 4 2 4; } .e { stroke: #00695c; stroke-dasharray: 6 2; }
    .mark { stroke-width: 2; stroke-dasharray: none; fill: #fff; }
    @media (prefers-color-scheme: dark) {
      svg { background: #16181d; color: #e8e8ea; } .mark { fill: #16181d; }
      .a { stroke: #7db7f5; } .b { stroke: #f5a97d; } .c { stroke: #c3cf85; } .d { stroke: #cf9df0; } .e { stroke: #7fd1c3; }
    }`;

/** Curves without a point are left out. Throws a RangeError if none is left, or for what has no logarithm. */
export function drawPlot(title: string, curves: readonly Curve[]): string {
  const shown = curves.filter(({ points }) => points.length > 0);
  const all = shown.flatMap(({ points }) => points);
  if (all.length === 0 || !all.every(({ elements, seconds }) => elements > 0 && seconds > 0))
    throw new RangeError('a plot takes points above zero');
  const elements = decades(all.map((point) => point.elements));
  const seconds = decades(all.map((point) => point.seconds));
  const x = (value: number) => place(value, elements, inner.left, inner.right);
  const y = (value: number) => place(value, seconds, inner.bottom, inner.top);
  const parts = [
    ...elements.map((value) => {
      const label = `<text x="${x(value)}" y="${inner.bottom + 22}" text-anchor="middle">${written(value)}</text>`;
      return `<path class="grid" d="M${x(value)} ${inner.top}V${inner.bottom}"/>${label}`;
    }),
    ...seconds.map((value) => {
      const label = `<text x="${inner.left - 10}" y="${y(value) + 5}" text-anchor="end">${written(value)}</text>`;
      return `<path class="grid" d="M${inner.left} ${y(value)}H${inner.right}"/>${label}`;
    }),
    `<text x="${inner.left}" y="26" font-weight="600">${escaped(title)}</text>`,
    `<text x="${inner.right}" y="${inner.bottom + 44}" text-anchor="end">records of each holder</text>`,
    `<text x="${inner.left - 10}" y="${inner.top - 8}" text-anchor="end">seconds</text>`,
    ...labelPlaces(shown.map(({ points }) => y(last(points).seconds))).map((at, index) => {
      const { name, points, look } = shown[index] ?? { name: '', points: [], look: 'a' as const };
      const path = points.map((point) => `${x(point.elements)} ${y(point.seconds)}`).join('L');
      const marks = points.map((point) => mark(look, x(point.elements), y(point.seconds))).join('');
      const label = `<text x="${x(last(points).elements) + 14}" y="${at + 5}">${escaped(name)}</text>`;
      return `<path class="line ${look}" d="M${path}"/>${marks}${label}`;
    }),
  ];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`;
  const told = `<title>${escaped(title)}</title>\n  <style>${style}\n  </style>`;
  return `${head}\n  ${told}\n  ${parts.join('\n  ')}\n</svg>\n`;
}

/** The powers of ten around the values, two at least. */
function decades(values: readonly number[]): number[] {
  const [least, most] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  return Array.from({ length: Math.max(2, most - least + 1) }, (_, step) => 10 ** (least + step));
}

function place(value: number, axis: readonly number[], from: number, to: number): number {
  const [low, high] = [Math.log10(axis[0] ?? 1), Math.log10(axis.at(-1) ?? 10)];
  return Math.round((from + ((Math.log10(value) - low) / (high - low)) * (to - from)) * 10) / 10;
}

function last<T>(list: readonly T[]): T {
  const found = list.at(-1);
  if (found === undefined) throw new RangeError('a curve without a point');
  return found;
}

/** Moves labels apart that would lie on each other. */
function labelPlaces(wanted: readonly number[]): number[] {
  const places = wanted.map((y) => Math.round(y));
  const order = places.map((_, index) => index).sort((one, other) => (wanted[one] ?? 0) - (wanted[other] ?? 0));
  order.forEach((index, rank) => {
    const above = rank === 0 ? -Infinity : (places[order[rank - 1] ?? 0] ?? 0);
    places[index] = Math.max(places[index] ?? 0, above + 18);
  });
  return places;
}

/** A circle, a square, a triangle, a diamond, a triangle on its head: the curves differ without colour. */
function mark(look: Look, x: number, y: number): string {
  const shapes = {
    b: `${x - 4.5} ${y - 4.5}h9v9h-9z`,
    c: `${x} ${y - 6}l6 10h-12z`,
    d: `${x} ${y - 6}l6 6l-6 6l-6 -6z`,
    e: `${x} ${y + 6}l6 -10h-12z`,
  };
  if (look === 'a') return `<circle class="mark a" cx="${x}" cy="${y}" r="5"/>`;
  return `<path class="mark ${look}" d="M${shapes[look]}"/>`;
}

function written(value: number): string {
  return value >= 1 ? value.toLocaleString('en-GB') : String(Number(value.toPrecision(1)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
