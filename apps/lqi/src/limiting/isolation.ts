// Whether what was asked about one person before and what is asked now would, put together, tell one holder's flag. Only
// a holder can see it: nobody else who is asked knows that both are about the same person.
import type { CheckAgreement, PartyId } from '@anonymesh/protocol';
import { isolatedBy, ownHolders, type Organisation } from '@anonymesh/trust';

/** What was asked about a person, as far as it matters here. */
export interface AskedCheck {
  readonly holders: readonly string[];
  readonly combination: CheckAgreement['combination'];
  /** Holders of the organisation that asks: it knows their flags anyway. */
  readonly own: readonly string[];
}

export function askedCheck(content: CheckAgreement, requester: string): AskedCheck {
  const holders = content.holders.map(({ id }) => id).sort();
  return { holders, combination: content.combination, own: ownHolders(content, requester) };
}

/** Who asks, as the agreement names it. */
export function askerIn({ parties }: CheckAgreement, requester: PartyId): Organisation {
  const party = parties.find(({ id }) => id === requester);
  return { name: party?.name ?? requester, id: requester, identity: party?.identity ?? null };
}

/**
 * `before`: by the same organisation, about the same person. A holder's flag counts as one, whatever its templates are
 * called: a template with a comma more would pass otherwise. What cannot be judged would isolate.
 */
export function wouldIsolate(before: readonly AskedCheck[], asked: AskedCheck): boolean {
  const others = new Map(before.map((each) => [inWords(each), each]));
  if (others.has(inWords(asked))) return false; // the same question again has the same answer
  if (others.size === 0) return false;
  const all = [...others.values(), asked];
  const own = new Set(all.flatMap((each) => each.own));
  const isolated = isolatedBy(
    all.map(({ holders, combination }) => ({ holders: new Set(holders), combination })),
    own,
  );
  return isolated === 'too-many' || isolated.length > 0;
}

function inWords({ holders, combination }: AskedCheck): string {
  const how = typeof combination === 'object' ? combination.atLeast : combination === 'any' ? 1 : holders.length;
  return `${how} of ${holders.join(' ')}`;
}
