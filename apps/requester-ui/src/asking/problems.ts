// How a question is turned down over HTTP: by code, and where fields are wrong by their names.
import type { RefusalCode } from '@anonymesh/protocol';
import { Problem, type FieldError } from '@anonymesh/web';

export const unknownAgreement = () =>
  new Problem('unknown-agreement', 404, 'There is no agreement of that name under which one can ask today');

export const roleNotAllowed = () =>
  new Problem('role-not-allowed', 403, 'The agreement lets nobody ask in a role of the signed-in user');

export const invalidSubject = (errors: readonly FieldError[]) =>
  new Problem('invalid-subject', 422, 'The person has fields that are missing, wrong or not agreed', { errors });

export const askedTooOften = (retryAfter: number) =>
  new Problem('asked-too-often', 429, 'This account has asked as often as it may: ask again later', { retryAfter });

export const alreadyDecided = () =>
  new Problem('already-decided', 409, 'The query has ended, and cannot be taken back any more');

/** The mesh does not take the query: because of how things stand between us, or because it is not in order. */
export function refusedWith(code: RefusalCode): Problem {
  if (code === 'requester-limit')
    return new Problem(code, 429, 'Your organisation has asked as often as the agreement allows: ask again later');
  if (code === 'agreement-limit')
    return new Problem(code, 429, 'As much has been asked as the agreement allows: ask again later');
  return new Problem(code, conflicts.includes(code) ? 409 : 502, 'The mesh has refused the query');
}

const conflicts: readonly RefusalCode[] = [
  'unknown-agreement',
  'agreement-not-signed',
  'agreement-not-in-force',
  'role-not-allowed',
  'lookup-taken',
  'deadline-passed',
];
