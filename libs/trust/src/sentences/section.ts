// What an agreement says, as sentences under headings. Each sentence has a key by which two versions are compared.

/** One thing that the agreement says. `key` stays the same from version to version, whatever is said under it. */
export interface Sentence {
  readonly key: string;
  readonly text: string;
}

export interface Section {
  readonly heading: string;
  readonly sentences: readonly Sentence[];
}

export type Said = readonly [key: string, text: string];

export function section(heading: string, said: readonly Said[]): Section {
  return { heading, sentences: said.map(([key, text]) => ({ key, text: inOneLine(text).replace(/\.\.$/, '.') })) };
}

/** Purposes and the like may be written in several lines. */
function inOneLine(text: string): string {
  return text.replace(/\s+\.$/, '.').replaceAll(/\s*\n\s*/g, ' ');
}
