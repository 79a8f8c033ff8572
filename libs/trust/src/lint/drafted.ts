// What the lint of agreements reads and says: documents that know their own lines, and findings that point at them.
import type { Agreement } from '@anonymesh/protocol';
import type { Flaw, FlawAt } from '../yaml-flaws.js';

/** An agreement as it stands in a file. */
export interface Drafted<Content extends Agreement = Agreement> {
  readonly file: string;
  readonly content: Content;
  readonly flawAt: FlawAt;
}

/** `fault`: must not be signed. `remark`: somebody should look. */
export interface Finding {
  readonly severity: 'fault' | 'remark';
  readonly rule: 'versions' | 'holders-left' | 'differencing' | 'partial-field' | 'limits' | 'validity' | 'auditor';
  readonly flaw: Flaw;
}

/** Holders that are of the organisation that asks: they know their own flag. An organisation goes by its name. */
export function ownHolders(content: Agreement, requester: string): string[] {
  const nameOf = (id: string) =>
    content.parties
      .find((party) => party.id === id)
      ?.name.trim()
      .toLowerCase();
  const own = nameOf(requester);
  return content.holders.map(({ id }) => id).filter((id) => nameOf(id) === own);
}
