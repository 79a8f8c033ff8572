// A receipt: what proves, with public keys alone, how one query went. Each party can give its share, in a file of this
// form: what it has of the signed papers, and its log's part. The shares of all parties together are the whole.
import { agreement, compactJwe, compactJws, queryId } from '@anonymesh/protocol';
import { part } from '@anonymesh/evidence';
import { agreementSignatures } from '@anonymesh/trust';
import { z } from 'zod';

export const receipt = z.strictObject({
  type: z.literal('anonymesh/receipt/v1'),
  query: queryId,
  agreement: z.strictObject({ content: agreement, signatures: agreementSignatures }).optional(),
  /** What parties' nodes said of the agreement, as they signed it: that it is in force, or that they withdrew. */
  statuses: z.array(compactJws).max(128).default([]),
  /** As its requester signed it. */
  manifest: compactJws.optional(),
  /** As the aggregator signed it, for the requester. */
  outcome: compactJws.optional(),
  /** Holders' answers and refusals, as they signed them: masked, and for whoever may add them up. */
  words: z.array(compactJws).max(64).default([]),
  /** What every holder and the aggregator testify, sealed to the auditor, and the letter by which it was handed over. */
  testimonies: z.strictObject({ signed: compactJws, sealed: z.array(compactJwe).min(3).max(65) }).optional(),
  parts: z.array(part).max(128).default([]),
});
export type Receipt = z.infer<typeof receipt>;

/** All shares as one receipt; undefined where they are not of one query, or contradict each other. */
export function join(shares: readonly Receipt[]): Receipt | undefined {
  const [first] = shares;
  if (first === undefined || shares.some(({ query }) => query !== first.query)) return undefined;
  const papers = {
    agreement: shares.flatMap((each) => each.agreement ?? []),
    testimonies: shares.flatMap((each) => each.testimonies ?? []),
    ...onlyPapers(shares),
  };
  if (Object.values(papers).some((all) => new Set(all.map((each) => JSON.stringify(each))).size > 1)) return undefined;
  const [paper, manifest, outcome] = [papers.agreement[0], papers.manifest[0], papers.outcome[0]];
  const [testimonies] = papers.testimonies;
  return {
    type: first.type,
    query: first.query,
    ...(paper === undefined ? {} : { agreement: paper }),
    ...(manifest === undefined ? {} : { manifest }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(testimonies === undefined ? {} : { testimonies }),
    statuses: [...new Set(shares.flatMap(({ statuses }) => statuses))],
    words: [...new Set(shares.flatMap(({ words }) => words))],
    parts: shares.flatMap(({ parts }) => parts),
  };
}

function onlyPapers(shares: readonly Receipt[]) {
  return {
    manifest: shares.flatMap((each) => each.manifest ?? []),
    outcome: shares.flatMap((each) => each.outcome ?? []),
  };
}
