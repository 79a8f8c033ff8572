// How an agreement stands, in words that a legal officer, a caseworker or an administrator reads: whom it waits for, who
// withdrew it, what has replaced it.
import type { Agreement, PartyId } from '@anonymesh/protocol';
import type { Standing } from '@anonymesh/trust';

/** One phrase without a full stop. `now`: milliseconds since 1970, the moment that the standing is of. */
export function standingInWords(
  standing: Standing,
  { parties, validity }: Pick<Agreement, 'parties' | 'validity'>,
  now: number,
): string {
  const names = (ids: readonly PartyId[]) =>
    listed(ids.map((id) => parties.find((party) => party.id === id)?.name ?? id));
  switch (standing.standing) {
    case 'in-force':
      return `in force until ${validity.until}`;
    case 'waiting':
      return `waiting for the ${standing.for.length === 1 ? 'node' : 'nodes'} of ${names(standing.for)} to say that it is in force`;
    case 'unsigned':
      return `not signed yet by ${names(standing.for)}`;
    case 'withdrawn':
      return `withdrawn by ${names(standing.by)}`;
    case 'superseded':
      return `replaced by version ${standing.newer}`;
    case 'in-conflict':
      return 'signed by all in two different documents of this version, so that neither is run';
    case 'not-valid-today':
      return new Date(now).toISOString().slice(0, 10) < validity.from
        ? `signed by all, and begins on ${validity.from}`
        : `expired on ${validity.until}`;
    case 'unknown':
      return 'not known to this node';
  }
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
