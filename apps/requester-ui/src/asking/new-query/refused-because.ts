// Why the mesh did not take a query, for a caseworker: what it means and what to do.
import type { RefusalCode } from '@anonymesh/protocol';

/** `stands`: how the agreement stands, in words. */
export function refusedBecause(code: RefusalCode, stands: string): string {
  if (code === 'agreement-not-in-force') return notInForce(stands);
  return byCode[code] ?? 'The mesh has refused this query. Try again; if it is refused again, tell your administrator.';
}

/** Also before anything is asked. */
export function notInForce(stands: string): string {
  return `Nobody may ask under this agreement at the moment. Here it is ${stands}. Your administrator can find out more.`;
}

const byCode: Partial<Record<RefusalCode, string>> = {
  'unknown-agreement': 'The mesh does not know this version of the agreement. Tell your administrator.',
  'agreement-not-signed': 'Not every party has signed this version of the agreement. Tell your administrator.',
  'role-not-allowed': 'The agreement does not let your role ask.',
  'deadline-passed': 'The mesh got the query too late. Ask again; if it happens again, a clock may be wrong.',
  'from-the-future': 'The clock of your organisation’s node is wrong. Tell your administrator.',
};
