// What keeps an agreement from being answered under here, for the holder's own staff. What the agreement itself says is put
// into words in @anonymesh/trust alone.
import type { AgreementFault } from '../../agreed/own-agreements.js';
import type { StandingAgreement } from '../../agreed/standing-agreements.js';

/** What hangs on the parties is said with their names. */
export function faultWords({ faults, inWords }: StandingAgreement): string[] {
  return faults.map((fault) => words[fault] ?? `It is ${inWords}.`);
}

const words: Readonly<Partial<Record<AgreementFault, string>>> = {
  'not-signed': 'Not every party has signed it.',
  'not-yet': 'Its first day has not come.',
  over: 'Its last day is over.',
  'template-missing': 'The template that it pins is not here, or is not signed by its author and its reviewer.',
  'template-unfit': 'The template does not answer what the agreement asks, or takes what it does not give.',
};
