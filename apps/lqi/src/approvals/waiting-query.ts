// What a person sees of a query before it is evaluated: who asks, for which purpose, with which fields and by which
// template. Never whom it is about, and never an answer: there is none yet.
import type { WaitingQueryView } from '@anonymesh/api';
import type { Holder } from '../inbound/examine.js';
import { reexamine } from '../questions/reexamine.js';
import type { WaitingQuery } from '../store/query-approvals.js';
import { decideBy } from './people-needed.js';

/** Those that can be shown; one that cannot be verified any more is left out. */
export function queryViewsOf(rows: readonly WaitingQuery[], holder: Holder): WaitingQueryView[] {
  return rows.flatMap((row) => {
    const question = reexamine(row, holder);
    if (question === undefined) return [];
    const { agreement, verified, terms, template } = question;
    const { manifest } = verified;
    const { id, version, title } = template;
    return {
      query: row.query_id,
      kind: question.kind,
      requester: manifest.requester,
      requesterName: agreement.parties.find((party) => party.id === manifest.requester)?.name ?? manifest.requester,
      role: manifest.role,
      askedAt: new Date(manifest.issuedAt).toISOString(),
      agreement: agreement.id,
      agreementVersion: agreement.version,
      title: agreement.title,
      purpose: agreement.purpose,
      legalBasis: agreement.legalBasis,
      fields: terms.receives.map((name) => agreement.fields[name]?.label ?? name),
      template: { hash: terms.template.hash, id, version, title },
      needs: row.needs,
      due: new Date(decideBy(question)).toISOString(),
    };
  });
}
