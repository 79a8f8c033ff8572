// What leaves a holder under an agreement, and who can read it. The same for each holder of it: what differs, the fields,
// is said with the holder.
import type { Agreement, CheckAgreement, SetAgreement } from '@anonymesh/protocol';
import { labelOf, nameOfThe } from './names.js';
import type { Said } from './section.js';
import { list } from './wording.js';

export function leavingSentences(content: Agreement): Said[] {
  return [...(content.kind === 'check' ? ofCheck(content) : ofSet(content)), ...ofTestimony(content)];
}

function ofCheck(content: CheckAgreement): Said[] {
  const isWithheld = content.tellsSubject.reasons === false;
  const told = [
    `${labelOf(content, content.subjectKey)} as it was asked about`,
    'whether there is a concern',
    ...(isWithheld ? [] : ['its reason']),
    'how to reach the holder',
  ];
  const without = isWithheld ? '; not the reason' : '';
  return [
    [
      'answer',
      `To ${nameOfThe('aggregator', content)}: a masked flag, which by itself tells nobody whether there is a concern; or a code where the holder refuses.`,
    ],
    [
      'explanation',
      `Sealed, with every answer, for the person to open at ${nameOfThe('portal', content)} with the reference: ${list(told)}${without}.`,
    ],
  ];
}

const records: Readonly<Record<SetAgreement['release'], string>> = {
  count: 'No record leaves, in whatever form.',
  'on-match':
    'Sealed to the requester: the agreed fields of its records, of which it can open those of people whom enough other holders have too. Nobody can open the others.',
  'on-approval':
    'Sealed to the requester: the agreed fields of those of its records that match and that a person there approves. No other record leaves.',
};

function ofSet(content: SetAgreement): Said[] {
  return [
    ['points', 'To the other holders: points that tell nobody apart, and about how many keys its set has.'],
    [
      'tokens',
      `To ${nameOfThe('aggregator', content)}: tokens that tell how many people it has in common with which other holders, and not who they are; how far it is; or a code where it refuses.`,
    ],
    ['records', records[content.release]],
  ];
}

function ofTestimony({ kind, auditor }: Agreement): Said[] {
  if (auditor === undefined) return [];
  const word = kind === 'check' ? 'its answer, masked, or its refusal' : 'its refusal, if it refuses';
  return [
    [
      'testimony',
      `Sealed to ${auditor.name}, as auditor, after the deadline: what its log has of the query, and ${word}.`,
    ],
  ];
}
