// What an agreement says of each holder: which fields it receives, what it runs on them, and what it lets out.
import type { Agreement, HolderTerms } from '@anonymesh/protocol';
import { list } from './wording.js';

/** One thing that the agreement says. `key` stays the same from version to version, whatever is said under it. */
export interface Sentence {
  readonly key: string;
  readonly text: string;
}

const approvals: Record<HolderTerms['approval'], string> = {
  none: 'answers without a person’s approval',
  'each query': 'answers a query once a person there has approved it',
  'each query by two people': 'answers a query once two people there have approved it',
};

export function holderSentences(content: Agreement): Sentence[] {
  const labelOf = (field: string) => `${content.fields[field]?.label ?? field} (${field})`;
  const held: readonly (HolderTerms & { readonly releases?: readonly string[] })[] = content.holders;
  return held.flatMap(({ id, receives, template, approval, releases }) => {
    const name = content.parties.find((party) => party.id === id)?.name ?? id;
    const withheld = Object.keys(content.fields).filter((field) => !receives.includes(field));
    const not = withheld.length === 0 ? '' : `, and not ${list(withheld.map(labelOf))}`;
    return [
      { key: `${id} receives`, text: `${name} receives ${list([...receives].sort().map(labelOf))}${not}.` },
      {
        key: `${id} template`,
        text: `${name} runs the template ${template.hash}, written by ${template.author} and reviewed by ${template.reviewer}.`,
      },
      { key: `${id} approval`, text: `${name} ${approvals[approval]}.` },
      ...(releases === undefined
        ? []
        : [
            {
              key: `${id} releases`,
              text: `${name} releases ${list([...releases].sort())} of its records that match.`,
            },
          ]),
    ];
  });
}
