// Rows of the disclosure log as people read them.
import type { FieldFormat } from '@anonymesh/protocol';
import type { DisclosureView } from '../../disclosing/disclosure-view.js';
import { kindWords } from '../../disclosing/disclosure-view.js';
import type { Holder } from '../../inbound/examine.js';

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
    to: nameOf(view.recipient),
    by: view.requester === null ? undefined : nameOf(view.requester),
    agreementTitle: signed?.content.title ?? view.agreement.id,
    isKnown: signed !== undefined,
  };
}
