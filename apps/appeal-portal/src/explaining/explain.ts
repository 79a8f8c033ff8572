// From a reference and a verified identity to what may be shown to that person: the outcome, and which holders had
// concerns. Nobody else gets here, and nothing that does not fit together is shown.
import { deadlinesOf, embargoOf, soleParty } from '@anonymesh/protocol';
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

/** The person's own query, of which the agreement lets them be told later. */
export interface Embargoed {
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Explains the newest query under the reference that has been decided. */
export async function explainAppeal(
  { reference, identity }: Appeal,
  mesh: Mesh,
  trust: Trust,
  portal: Portal,
): Promise<Explained | Embargoed | FailureCode> {
  const symbols = parseReference(reference);
  if (symbols === undefined) return 'reference-malformed';
  const seed = await seedOf(reference);
  const queries = await findQueries({ seed, identity }, mesh, trust, portal);
  if (typeof queries === 'string') return queries;
  const now = Date.now();
  const embargoes: number[] = [];
  for (const query of queries.toReversed()) {
    const until = embargoOf(deadlinesOf(query.manifest, query.signed.content).answers, query.signed.content);
    // The aggregator withholds it too; an aggregator that does not must not make us tell.
    if (until !== undefined && until > now) {
      embargoes.push(until);
      continue;
    }
    const reply = await mesh.explain(query.queryId, soleParty(query.signed.content, 'aggregator'));
    if (reply === 'unavailable') return reply;
    if (reply === 'not-decided') continue;
    const audited = audit(query, reply, portal);
    return typeof audited === 'string' ? audited : { ...audited, query, askings: queries };
  }
  const [until] = embargoes;
  return until === undefined ? 'not-decided' : { until };
}
