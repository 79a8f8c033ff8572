// Rows of the disclosure log as people read them.
import type { FieldFormat } from '@anonymesh/protocol';
import type { DisclosureView } from '../../disclosing/disclosure-view.js';
import type { Holder } from '../../inbound/examine.js';

/** Of what was said nothing. */
const kindWords: Readonly<Record<DisclosureView['kind'], string>> = {
  answer: 'Masked answer, with a sealed explanation for the subject',
  refusal: 'Refusal',
  points: 'Blinded points of the set, to the next holder',
  tokens: 'Tokens of the set, with records sealed to the requester where they are released on a match',
  release: 'Letter with the records that people approved',
  record: 'Record that a person approved, sealed to the requester',
  testimony: 'Testimony to a query that is over, sealed to the auditor',
};

export const formatWords: Readonly<Record<FieldFormat, string>> = {
  'ni-number': 'National Insurance number',
  'nhs-number': 'NHS number',
  name: 'Name',
  date: 'Date',
  postcode: 'Postcode',
  text: 'Other number or text',
};

/** Names of parties and agreements are those of agreements that are still here. */
export function disclosureWords(view: DisclosureView, { trust }: Holder) {
  const signed = trust.agreements.get(view.agreement.hash);
  const nameOf = (id: string) => signed?.content.parties.find((party) => party.id === id)?.name ?? id;
  return {
    ...view,
    what: kindWords[view.kind],
    to: view.kind === 'testimony' ? view.recipient : nameOf(view.recipient),
    by: view.requester === null ? undefined : nameOf(view.requester),
    agreementTitle: signed?.content.title ?? view.agreement.id,
    isKnown: signed !== undefined,
  };
}
