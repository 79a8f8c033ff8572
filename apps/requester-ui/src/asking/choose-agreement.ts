// Under which agreement a caseworker asks: the newest version that everybody has signed, that is valid today, and that
// names this requester and one of the caseworker's roles.
import type { Agreement, PartyId } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';

export interface Asker {
  readonly requester: PartyId;
  readonly roles: readonly string[];
}

export interface Chosen {
  readonly signed: SignedAgreement;
  /** The first of the agreement's roles that the caseworker has. */
  readonly role: string;
}

export function chooseAgreement(
  agreements: Iterable<SignedAgreement>,
  id: string,
  asker: Asker,
  now: number,
): Chosen | 'unknown-agreement' | 'role-not-allowed' {
  const alive = [...agreements].filter((signed) => signed.content.id === id && isAskable(signed, asker, now));
  if (alive.length === 0) return 'unknown-agreement';
  const allowed = alive.flatMap((signed) => chosenBy(signed, asker));
  return newest(allowed) ?? 'role-not-allowed';
}

/** The newest version of every agreement under which the caseworker may ask, by id. */
export function agreementsFor(agreements: Iterable<SignedAgreement>, asker: Asker, now: number): Chosen[] {
  const allowed = [...agreements]
    .filter((signed) => isAskable(signed, asker, now))
    .flatMap((each) => chosenBy(each, asker));
  const ids = [...new Set(allowed.map(({ signed }) => signed.content.id))].sort();
  return ids.flatMap((id) => newest(allowed.filter(({ signed }) => signed.content.id === id)) ?? []);
}

/** Days count in UTC, the last one included. */
export function isValidOn({ validity }: Agreement, now: number): boolean {
  const day = new Date(now).toISOString().slice(0, 10);
  return validity.from <= day && day <= validity.until;
}

function isAskable({ content, unsigned }: SignedAgreement, { requester }: Asker, now: number): boolean {
  return (
    unsigned.length === 0 && isValidOn(content, now) && content.askers.some((each) => each.requester === requester)
  );
}

function chosenBy(signed: SignedAgreement, { requester, roles }: Asker): Chosen[] {
  const named = signed.content.askers.filter((each) => each.requester === requester).flatMap((each) => each.roles);
  const role = named.find((each) => roles.includes(each));
  return role === undefined ? [] : [{ signed, role }];
}

function newest(allowed: readonly Chosen[]): Chosen | undefined {
  return allowed.toSorted((a, b) => b.signed.content.version - a.signed.content.version)[0];
}
