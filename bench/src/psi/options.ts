// What a person can ask of the benchmark of set queries.
import { modes, type Mode } from './sample.js';

const parts = ['engines', 'library', 'mesh', 'psi-js'] as const;
export type Part = (typeof parts)[number];

export interface PsiOptions {
  /** Records of each holder, ascending: one size after another. */
  readonly elements: readonly number[];
  readonly mode: Mode;
  /** What is not to be measured. */
  readonly without: ReadonlySet<Part>;
  /** Of the library and of the holders' nodes, one after another; they take the fastest that works unless told. */
  readonly engines: readonly (string | undefined)[];
  /** Of the mesh: a folder for processor profiles of every app. */
  readonly profiles?: string;
}

interface Written {
  readonly elements?: string | undefined;
  readonly mode?: string | undefined;
  readonly without?: readonly string[] | undefined;
  readonly engine?: string | undefined;
  readonly profiles?: string | undefined;
}

/** undefined for what cannot be measured. `elements` are whole numbers with commas between them, 100 to 10,000,000. */
export function readOptions({ elements = '10000', mode = 'count', without = [], engine, profiles }: Written) {
  const sizes = elements.split(',').map(Number);
  const left = without.flatMap((part) => part.split(','));
  if (!sizes.every((size) => Number.isInteger(size) && size >= 100 && size <= 10_000_000)) return undefined;
  if (engine?.split(',').includes('') === true) return undefined;
  if (!left.every((part) => isOneOf(parts, part)) || !isOneOf(modes, mode)) return undefined;
  const options: PsiOptions = {
    elements: [...new Set(sizes)].sort((one, other) => one - other),
    mode,
    without: new Set(left),
    engines: engine === undefined ? [undefined] : [...new Set(engine.split(','))],
    ...(profiles === undefined ? {} : { profiles }),
  };
  return options;
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return names.some((known) => known === name);
}
