// How sentences call parties and fields of an agreement.
import type { Agreement, PartyId, PartyKind } from '@anonymesh/protocol';

type Named = Pick<Agreement, 'parties'>;

export function nameOf({ parties }: Named, id: PartyId): string {
  return parties.find((party) => party.id === id)?.name ?? id;
}

/** Of the one party of a kind of which there is one. */
export function nameOfThe(kind: Extract<PartyKind, 'aggregator' | 'portal'>, { parties }: Named): string {
  return parties.find((party) => party.kind === kind)?.name ?? `the ${kind}`;
}

export function labelOf({ fields }: Pick<Agreement, 'fields'>, field: string): string {
  return `${fields[field]?.label ?? field} (${field})`;
}
