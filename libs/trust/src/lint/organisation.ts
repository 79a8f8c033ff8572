// Who counts as one organisation, for the lint and for holders that are asked: whoever drafts an agreement also writes the
// names in it, so that a name alone would be made another by a comma.
import type { Agreement, PartyId } from '@anonymesh/protocol';

export interface Organisation {
  readonly name: string;
  /** Null where nobody wrote it down: then the name alone tells. */
  readonly id: PartyId | null;
  /** The fingerprint that the agreement pins. */
  readonly identity: string | null;
}

export function isSameOrganisation(one: Organisation, other: Organisation): boolean {
  return (
    spelled(one.name) === spelled(other.name) ||
    (one.id !== null && one.id === other.id) ||
    (one.identity !== null && one.identity === other.identity)
  );
}

/** Capitals and spaces around it make no other name. */
export function spelled(name: string): string {
  return name.trim().toLowerCase();
}

/** Holders that are of the organisation that asks: they know their own flag. In one agreement only names can be the same. */
export function ownHolders(content: Agreement, requester: PartyId): string[] {
  const nameOf = (id: PartyId) => spelled(content.parties.find((party) => party.id === id)?.name ?? id);
  const own = nameOf(requester);
  return content.holders.map(({ id }) => id).filter((id) => nameOf(id) === own);
}
