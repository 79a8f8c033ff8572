// The picture of who told whom: boxes in fixed places, and a line for each pair of parties that a message goes between,
// with the numbers of its messages on it. Plain data, which the template writes as SVG.
import type { PartyKind } from '@anonymesh/protocol';
import type { Step } from './who-learned-what.js';

export interface Box {
  readonly kind: PartyKind;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
}

export interface Line {
  readonly path: string;
  /** Whether any of its messages went, for all that is known here. */
  readonly happened: Step['happened'];
  readonly numbers: string;
  readonly x: number;
  readonly y: number;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

const width = 1070;
const lineHeight = 20;

export function draw(
  names: readonly { readonly kind: PartyKind; readonly name: string }[],
  steps: readonly Step[],
): Picture {
  const holders = names.filter(({ kind }) => kind === 'holder').map(({ name }) => name);
  const middle = Math.max(90, 40 + (holders.length * lineHeight) / 2);
  const place = (kind: PartyKind, x: number, y: number, wide: number, lines: readonly string[]): Box => {
    const height = 30 + lines.length * lineHeight;
    return { kind, x, y: y - height / 2, width: wide, height, lines };
  };
  const nameOf = (kind: PartyKind) => names.filter((party) => party.kind === kind).flatMap(({ name }) => wrap(name));
  const top = middle + 50;
  const bottom = 2 * middle + 120;
  const boxes = [
    place('requester', 10, top, 160, nameOf('requester')),
    place('coordinator', 280, top, 150, nameOf('coordinator')),
    place(
      'holder',
      520,
      top,
      260,
      holders.map((name) => cut(name, 33)),
    ),
    place('aggregator', 900, top, 160, nameOf('aggregator')),
    ...(nameOf('portal').length > 0 ? [place('portal', 520, bottom, 260, nameOf('portal'))] : []),
  ];
  const at = new Map(boxes.map((box) => [box.kind, box]));
  const pairs = Map.groupBy(steps, ({ from, to }) => `${from} ${to}`);
  const lines = [...pairs.values()].flatMap((group) => lineOf(group, at));
  return { width, height: (at.has('portal') ? bottom : top + middle) + 60, boxes, lines };
}

function lineOf(group: readonly Step[], at: ReadonlyMap<PartyKind, Box>): Line[] {
  const [first] = group;
  const from = first && at.get(first.from);
  const to = first && at.get(first.to);
  if (first === undefined || from === undefined || to === undefined) return [];
  const happened = (['yes', 'unknown', 'no'] as const).find((each) => group.some((step) => step.happened === each));
  const route = routeOf(from, to);
  return [{ ...route, happened: happened ?? 'no', numbers: group.map(({ number }) => number).join(', ') }];
}

type Route = Pick<Line, 'path' | 'x' | 'y'>;

/** Side by side: straight, the way there above the way back, numbers beside the line. Otherwise in a bow, over or under what lies between. */
function routeOf(from: Box, to: Box): Route {
  if (from.kind === to.kind) return bow(right(from) - 60, from.y, from.x + 60, from.y, from.y - 60);
  if (from.kind === 'portal') return bow(...centre(from), ...below(to), (from.y + to.y + to.height) / 2 + 40);
  const [a, b] = from.x < to.x ? [from, to] : [to, from];
  const forth = from === a;
  const neighbours = Math.abs(order.indexOf(from.kind) - order.indexOf(to.kind)) === 1;
  const y = from.y + from.height / 2 + (forth ? -14 : 14);
  if (neighbours) {
    const [start, end] = forth ? [right(a), b.x] : [b.x, right(a)];
    return { path: `M ${start} ${y} L ${end} ${y}`, x: (start + end) / 2, y: y + (forth ? -13 : 13) };
  }
  const height = forth ? Math.min(a.y, b.y) - 130 : Math.max(a.y + a.height, b.y + b.height) + 130;
  const edge = (box: Box) => (forth ? box.y : box.y + box.height);
  return bow(from.x + from.width / 2, edge(from), to.x + to.width / 2, edge(to), height);
}

const order: readonly PartyKind[] = ['requester', 'coordinator', 'holder', 'aggregator'];

function bow(x1: number, y1: number, x2: number, y2: number, height: number): Route {
  const x = (x1 + x2) / 2;
  const y = (y1 + y2) / 4 + height / 2;
  return { path: `M ${x1} ${y1} Q ${x} ${height} ${x2} ${y2}`, x, y: y + (height < y ? -13 : 14) };
}

function right({ x, width: wide }: Box): number {
  return x + wide;
}
function centre({ x, y, width: wide }: Box): [number, number] {
  return [x + wide / 2, y];
}
function below({ x, y, width: wide, height }: Box): [number, number] {
  return [x + wide / 2, y + height];
}

/** In lines of about so many characters. */
function wrap(name: string, most = 18): string[] {
  const lines: string[] = [];
  for (const word of name.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => cut(line, most + 4));
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
