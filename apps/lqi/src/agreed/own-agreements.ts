// The agreements that name this holder, each with the template that it pins, and what keeps it from being answered.
import type { SignedAgreement, Template } from '@anonymesh/trust';
import type { Holder } from '../inbound/examine.js';

/**
 * `not-signed`: a party has not. `template-missing`: the pinned template is not here, or not signed by its two people.
 * `template-unfit`: it does not answer what the agreement asks, or takes what the agreement does not give. `waiting`: a
 * party's node has not said lately that it is in force.
 */
export const agreementFaults = [
  'not-signed',
  'not-yet',
  'over',
  'template-missing',
  'template-unfit',
  'waiting',
  'withdrawn',
  'superseded',
  'in-conflict',
] as const;
export type AgreementFault = (typeof agreementFaults)[number];

type Terms = SignedAgreement['content']['holders'][number];

/** What an agreement says, and to this holder, whether or not anybody has signed it. */
export interface Agreed {
  readonly signed: Pick<SignedAgreement, 'content'>;
  readonly terms: Terms;
}

export interface OwnAgreement extends Agreed {
  readonly signed: SignedAgreement;
  readonly template: Template | undefined;
  /** In force where there is none. */
  readonly faults: readonly AgreementFault[];
  /** Whole days of validity that are left, today included. */
  readonly daysLeft: number;
}

/** By title, those in force first; by what signatures, days and templates tell. */
export function ownAgreements(holder: Holder, now: number): OwnAgreement[] {
  const own = [...holder.trust.agreements.values()].flatMap((signed) => {
    const terms = signed.content.holders.find(({ id }) => id === holder.id);
    return terms === undefined ? [] : [judge(signed, terms, holder.templates(terms), now)];
  });
  return byTitle(own);
}

export function byTitle<Own extends OwnAgreement>(agreements: readonly Own[]): Own[] {
  const rank = ({ faults }: OwnAgreement) => (faults.length === 0 ? 0 : 1);
  return agreements.toSorted(
    (a, b) => rank(a) - rank(b) || a.signed.content.title.localeCompare(b.signed.content.title),
  );
}

function judge(signed: SignedAgreement, terms: Terms, template: Template | undefined, now: number): OwnAgreement {
  const { kind, validity } = signed.content;
  const today = new Date(now).toISOString().slice(0, 10);
  const faults: AgreementFault[] = [];
  if (signed.unsigned.length > 0) faults.push('not-signed');
  if (today < validity.from) faults.push('not-yet');
  if (today > validity.until) faults.push('over');
  if (template === undefined) faults.push('template-missing');
  else if (!fits(template, kind, terms)) faults.push('template-unfit');
  const daysLeft = Math.max(0, Math.floor((Date.parse(validity.until) - Date.parse(today)) / day) + 1);
  return { signed, terms, template, faults, daysLeft };
}

const day = 86_400_000;

/** Whether it answers what the agreement asks, and takes nothing that this holder does not get. */
export function fits({ answer, parameters }: Template, kind: 'check' | 'set', { receives }: Terms): boolean {
  const answers = (answer === 'set') === (kind === 'set');
  return answers && parameters.every((name) => name === 'asOf' || receives.includes(name));
}
