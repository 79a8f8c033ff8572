// What is told of one measured size, in numbers that a person or a program can compare.
import type { Measured } from './alone/measured.js';
import type { MeshMeasured } from './mesh/mesh-query.js';
import type { Mode } from './sample.js';

export interface Figures {
  /** Records of each of the two holders. */
  readonly elements: number;
  readonly engine: string | null;
  readonly librarySeconds: number | null;
  readonly meshSeconds: number | null;
  readonly psiJsSeconds: number | null;
  /** Of the process of the mesh that took most; without a mesh, of the library's. MiB. */
  readonly peakMemoryMB: number | null;
  readonly mode: Mode;
  /** How many times as long psi.js took. */
  readonly ratio: { readonly library: number | null; readonly mesh: number | null };
  /** Pairs of elements, one of each list, a second. */
  readonly pairsPerSecond: { readonly library: number | null; readonly mesh: number | null };
  /** What all parties sent, for each pair. */
  readonly bytesPerElement: number | null;
  readonly multiplicationsPerSecondPerCore: number | null;
  readonly stageSeconds: Readonly<Record<string, number>>;
  readonly perProcessMB: Readonly<Record<string, number>>;
}

export interface MeasuredSize {
  readonly elements: number;
  readonly mode: Mode;
  /** As it was asked for. */
  readonly engine?: string | undefined;
  readonly library?: Measured | undefined;
  readonly mesh?: MeshMeasured | undefined;
  readonly psiJs?: Measured | undefined;
}

export function figuresOf({ elements, mode, engine, library, mesh, psiJs }: MeasuredSize): Figures {
  const ofMesh = [...(mesh?.peaks ?? [])];
  const ofLibrary = library === undefined ? [] : [['library', library.peakMemoryMB] as const];
  const ofPsiJs = psiJs === undefined ? [] : [['psi.js', psiJs.peakMemoryMB] as const];
  const peaks = (ofMesh.length > 0 ? ofMesh : ofLibrary).map(([, peak]) => peak);
  const times = { library: library?.seconds, mesh: mesh?.seconds };
  return {
    elements,
    engine: library?.engine ?? engine ?? null,
    librarySeconds: rounded(library?.seconds, 2),
    meshSeconds: rounded(mesh?.seconds, 2),
    psiJsSeconds: rounded(psiJs?.seconds, 2),
    peakMemoryMB: peaks.length > 0 ? rounded(Math.max(...peaks), 0) : null,
    mode,
    ratio: each(times, (seconds) => psiJs && psiJs.seconds / seconds, 2),
    pairsPerSecond: each(times, (seconds) => elements / seconds, 0),
    bytesPerElement: rounded(mesh && mesh.bytes / elements, 0),
    multiplicationsPerSecondPerCore: rounded(library?.multiplicationsPerSecondPerCore, 0),
    stageSeconds: roundedAll(Object.entries(mesh?.stages ?? {}), 2),
    perProcessMB: roundedAll([...ofMesh, ...ofLibrary, ...ofPsiJs], 0),
  };
}

function each(
  { library, mesh }: { library: number | undefined; mesh: number | undefined },
  figure: (seconds: number) => number | undefined,
  places: number,
) {
  const of = (seconds: number | undefined) => rounded(seconds === undefined ? undefined : figure(seconds), places);
  return { library: of(library), mesh: of(mesh) };
}

function roundedAll(all: readonly (readonly [string, number])[], places: number): Record<string, number> {
  return Object.fromEntries(all.map(([name, value]) => [name, Number(value.toFixed(places))]));
}

function rounded(value: number | undefined, places: number): number | null {
  return value === undefined ? null : Number(value.toFixed(places));
}
