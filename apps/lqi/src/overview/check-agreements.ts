// Whether there is an agreement under which this holder can be asked, and whether those there are will go on.
import { amiss, well, type Found } from '@anonymesh/runtime';
import type { AgreementFault, OwnAgreement } from '../agreed/own-agreements.js';
import type { StandingAgreement } from '../agreed/standing-agreements.js';

/** Days before its end at which an agreement should be looked at. */
const soon = 30;

/** How each stands with its parties is known only where the node has run; before that, by signatures and days alone. */
export function checkAgreements(agreements: readonly (OwnAgreement & Partial<StandingAgreement>)[]): Found {
  const inForce = agreements.filter(({ faults }) => faults.length === 0);
  const held = agreements.filter(({ faults }) => faults.some(isOurs));
  const waiting = agreements.find(({ faults }) => faults.length === 1 && faults[0] === 'waiting');
  if (waiting !== undefined) {
    const reason = `“${waiting.signed.content.title}” is not in force: it is ${waiting.inWords}.`;
    return amiss('agreement-waits', reason, todo.waiting, 'attention');
  }
  if (inForce.length === 0) {
    const reason =
      agreements.length === 0 ? 'No agreement names this holder.' : 'No agreement is in force: every query is refused.';
    return amiss('no-agreement', reason, todoFor(held), agreements.length === 0 ? 'attention' : 'failing');
  }
  if (held.length > 0) {
    const reason = `${held.length} of ${agreements.length} agreements cannot be answered under.`;
    return amiss('agreement-held-up', reason, todoFor(held), 'attention');
  }
  const ending = inForce.filter(({ daysLeft }) => daysLeft <= soon);
  if (ending.length > 0) {
    const days = Math.min(...ending.map(({ daysLeft }) => daysLeft));
    const reason = `${ending.length} of ${inForce.length} agreements in force end within ${soon} days, the first in ${days}.`;
    const todo = 'Agree on a new version with the other parties, or let it end.';
    return amiss('agreement-ends-soon', reason, todo, 'attention');
  }
  return well(inForce.length === 1 ? 'One agreement is in force.' : `${inForce.length} agreements are in force.`);
}

function todoFor(held: readonly OwnAgreement[]): string {
  const [fault] = held.flatMap(({ faults }) => faults.filter(isOurs));
  return fault === undefined
    ? 'Put the agreement that all parties have signed into the folder of agreements.'
    : todo[fault];
}

/** What somebody has to put right; the others are as people wanted it, or will pass. */
function isOurs(fault: AgreementFault): boolean {
  return !['over', 'not-yet', 'withdrawn', 'superseded', 'waiting'].includes(fault);
}

const todo: Readonly<Record<AgreementFault, string>> = {
  'not-signed': 'Look under “Agreements” who has not signed, and get the signature.',
  'template-missing': 'Put the template that the agreement pins, with both signatures, into the folder of templates.',
  'template-unfit': 'Agree on a template that takes what the agreement gives, and answers what it asks.',
  'not-yet': 'Wait for the first day of the agreement.',
  over: 'Agree on a new version.',
  waiting: 'Ask them whether their nodes run. Until they say so, queries wait, and are refused at their deadline.',
  withdrawn: 'Agree on a new version, or let it be.',
  superseded: 'Nothing: a newer version is in its place.',
  'in-conflict': 'Agree with all parties on one document, as the next version.',
};
