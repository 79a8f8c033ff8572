// Why the mesh did not take a query, for a caseworker: what it means and what to do.
import type { RefusalCode } from '@anonymesh/protocol';
import type { HowItStands } from '../how-it-stands.js';

export function refusedBecause(code: RefusalCode, stands: HowItStands): string {
  if (code === 'agreement-not-in-force') return notInForce(stands);
  return byCode[code] ?? 'The mesh has refused this query. Try again; if it is refused again, tell your administrator.';
}

/** Also before anything is asked. */
export function notInForce({ isInForce, inWords }: HowItStands): string {
  const why = isInForce ? 'The others know something of it that has not come here yet.' : `It is ${inWords}.`;
  return `Nobody may ask under this agreement at the moment. ${why} Your administrator can find out more.`;
}

const byCode: Partial<Record<RefusalCode, string>> = {
  'unknown-agreement': 'The mesh does not know this version of the agreement. Tell your administrator.',
  'agreement-not-signed': 'Not every party has signed this version of the agreement. Tell your administrator.',
  'role-not-allowed': 'The agreement does not let your role ask.',
  'deadline-passed': 'The mesh got the query too late. Ask again; if it happens again, a clock may be wrong.',
  'from-the-future': 'The clock of your organisation’s node is wrong. Tell your administrator.',
};
