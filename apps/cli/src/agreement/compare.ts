// What differs between two versions of an agreement, sentence by sentence: what a lawyer must decide on before anybody
// signs, and nothing else.
import type { Agreement } from '@anonymesh/protocol';
import { sectionsOf } from '@anonymesh/trust';

export interface Change {
  readonly section: string;
  readonly key: string;
  /** `undefined` where it was not said before, or is not said any more. */
  readonly before: string | undefined;
  readonly now: string | undefined;
}

export interface Comparison {
  readonly changes: readonly Change[];
  /** Headings of sections that say the same. */
  readonly unchanged: readonly string[];
}

export function compare(before: Agreement, now: Agreement): Comparison {
  const [old, fresh] = [sectionsOf(before), sectionsOf(now)];
  const headings = [...new Set([...fresh, ...old].map(({ heading }) => heading))];
  const said = (sections: typeof old, heading: string) =>
    new Map(sections.find((each) => each.heading === heading)?.sentences.map(({ key, text }) => [key, text]));
  const changes = headings.flatMap((section) => {
    const [was, is] = [said(old, section), said(fresh, section)];
    const keys = [...new Set([...was.keys(), ...is.keys()])];
    return keys
      .filter((key) => was.get(key) !== is.get(key))
      .map((key): Change => ({ section, key, before: was.get(key), now: is.get(key) }));
  });
  const changed = new Set(changes.map(({ section }) => section));
  return { changes, unchanged: headings.filter((heading) => !changed.has(heading)) };
}

/** As paragraphs of lines. */
export function comparisonInWords({ changes, unchanged }: Comparison): string[][] {
  if (changes.length === 0) return [['Both say the same.']];
  const sections = [...Map.groupBy(changes, ({ section }) => section)].map(([heading, all]) => [
    heading,
    ...all.flatMap(inWords).map((line) => `  ${line}`),
  ]);
  const same = unchanged.length === 0 ? [] : [[`Unchanged: ${unchanged.join('; ')}.`]];
  return [...sections, ...same];
}

function inWords({ before, now }: Change): string[] {
  if (before === undefined) return [`New: ${now}`];
  if (now === undefined) return [`No longer: ${before}`];
  return [`Before: ${before}`, `Now:    ${now}`];
}
