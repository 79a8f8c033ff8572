// Who of the holder's own staff may do what. An administrator does not approve releases by being one: whoever runs the
// node and whoever answers for a record are two people, unless the organisation gives somebody both roles.
import { Problem, type Bearer, type BearingRequest, type User } from '@anonymesh/web';

export type Role = 'viewer' | 'approver' | 'administrator';

/** `look`: nothing about any person. `try`, `search` and `erase` need the person's own data typed in. */
export type Doing = 'look' | 'approve' | 'try' | 'search' | 'export' | 'erase';

const allowed: Readonly<Record<Doing, readonly Role[]>> = {
  look: ['viewer', 'approver', 'administrator'],
  approve: ['approver'],
  try: ['administrator'],
  search: ['administrator'],
  export: ['administrator'],
  erase: ['administrator'],
};

export function may({ roles }: Pick<User, 'roles'>, doing: Doing): boolean {
  return allowed[doing].some((role) => roles.includes(role));
}

/** The user of a request to the API; throws the problem where there is none, or one who may not do that. */
export async function authorise(bearer: Bearer | undefined, request: BearingRequest, doing: Doing): Promise<User> {
  // Without an identity provider nobody can be told from anybody: there is no API.
  if (bearer === undefined) throw Problem.of('not-found');
  const user = await bearer.authenticate(request);
  if (!may(user, doing)) throw Problem.of('role-required');
  return user;
}

/** Who may: one of these roles is enough. */
export function rolesFor(doing: Doing): readonly Role[] {
  return allowed[doing];
}
