// From a reference and a verified identity to what may be shown to that person: the outcome, and which holders had
// concerns. Nobody else gets here, and nothing that does not fit together is shown.
import { soleParty } from '@anonymesh/protocol';
import { parseReference, seedOf } from '@anonymesh/protocol-asking';
import type { Trust } from '@anonymesh/trust';
import { audit, type Audited } from './audit.js';
import type { FailureCode } from './failure.js';
import { findQueries } from './find-queries.js';
import type { Mesh } from './mesh.js';
import type { Found, Portal } from './verify-slip.js';

export interface Explained extends Audited {
  readonly query: Found;
  /** Every asking under the reference, in order. Whether the last is the explained one, or waits for its outcome. */
  readonly askings: readonly Found[];
}

export interface Appeal {
  /** As typed. */
  readonly reference: string;
  /** As the identity provider writes it. */
  readonly identity: string;
}

/** Explains the newest query under the reference that has been decided. */
export async function explainAppeal(
  { reference, identity }: Appeal,
  mesh: Mesh,
  trust: Trust,
  portal: Portal,
): Promise<Explained | FailureCode> {
  const symbols = parseReference(reference);
  if (symbols === undefined) return 'reference-malformed';
  const seed = await seedOf(reference);
  const queries = await findQueries({ seed, identity }, mesh, trust, portal);
  if (typeof queries === 'string') return queries;
  for (const query of queries.toReversed()) {
    const reply = await mesh.explain(query.queryId, soleParty(query.signed.content, 'aggregator'));
    if (reply === 'unavailable') return reply;
    if (reply === 'not-decided') continue;
    const audited = audit(query, reply, portal);
    return typeof audited === 'string' ? audited : { ...audited, query, askings: queries };
  }
  return 'not-decided';
}
