// What an agreement says of each holder: which fields it receives, what it runs on them, who must approve that, and what
// it lets out.
import type { Agreement, HolderTerms, PartyId } from '@anonymesh/protocol';
import { labelOf, nameOf } from './names.js';
import type { Said } from './section.js';
import { list } from './wording.js';

const approvals: Record<HolderTerms['approval'], string> = {
  none: 'answers without a person’s approval',
  'each query': 'evaluates nothing of a query before a person there has approved it',
  'each query by two people': 'evaluates nothing of a query before two people there have approved it',
};

/** Of those holders that are `wanted`. */
export function holderSentences(content: Agreement, wanted: (holder: PartyId) => boolean): Said[] {
  const held: readonly (HolderTerms & { readonly releases?: readonly string[] })[] = content.holders;
  return held
    .filter(({ id }) => wanted(id))
    .flatMap(({ id, receives, template, approval, releases }): Said[] => {
      const name = nameOf(content, id);
      const labelled = (fields: readonly string[]) => list(fields.map((field) => labelOf(content, field)));
      const withheld = Object.keys(content.fields).filter((field) => !receives.includes(field));
      const not = withheld.length === 0 ? '' : `, and not ${labelled(withheld)}`;
      return [
        [`${id} receives`, `${name} receives ${labelled([...receives].sort())}${not}.`],
        [
          `${id} template`,
          `${name} runs the template ${template.hash}, written by ${template.author} and reviewed by ${template.reviewer}.`,
        ],
        [`${id} approval`, `${name} ${approvals[approval]}.`],
        ...(releases === undefined
          ? []
          : [
              [
                `${id} releases`,
                `${name} releases ${list([...releases].sort())} of its records that match.`,
              ] satisfies Said,
            ]),
      ];
    });
}
