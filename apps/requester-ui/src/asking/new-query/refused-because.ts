// Why the mesh did not take a query, for a caseworker: what it means and what to do.
import type { RefusalCode } from '@anonymesh/protocol';

export function refusedBecause(code: RefusalCode): string {
  return byCode[code] ?? 'The mesh has refused this query. Try again; if it is refused again, tell your administrator.';
}

const byCode: Partial<Record<RefusalCode, string>> = {
  'unknown-agreement': 'The mesh does not know this version of the agreement. Tell your administrator.',
  'agreement-not-signed': 'Not every party has signed this version of the agreement. Tell your administrator.',
  'agreement-not-in-force': 'The agreement is not in force at the moment, so nobody may ask under it.',
  'role-not-allowed': 'The agreement does not let your role ask.',
  'deadline-passed': 'The mesh got the query too late. Ask again; if it happens again, a clock may be wrong.',
  'from-the-future': 'The clock of your organisation’s node is wrong. Tell your administrator.',
};
