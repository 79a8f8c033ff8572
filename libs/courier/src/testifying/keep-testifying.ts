// Goes through queries that are over and that this party testifies to, where the agreement names an auditor: the oldest
// first, in small portions, with what its log shows up to the last checkpoint that others countersigned. One query that
// fails is set aside, and the others go on.
import { countersigned, openPartMaker, type PartMaker } from '@anonymesh/evidence';
import { witnessesOf, type QueryId } from '@anonymesh/protocol';
import { atLeisure, openBackOff, type Closer, type Delays, type BackOff } from '@anonymesh/runtime';
import type { SignedAgreement } from '@anonymesh/trust';
import type { LogKeeper } from '../keep-log.js';

/** What is due under an agreement, at most `limit`. */
export interface Due {
  readonly signed: SignedAgreement;
  /** Queries whose time was over by then; milliseconds since 1970. */
  readonly until: number;
  readonly except: readonly QueryId[];
  readonly limit: number;
}

export interface Testifying<Query> {
  readonly name: string;
  readonly due: (due: Due) => Promise<readonly Query[]>;
  readonly idOf: (query: Query) => QueryId;
  /** In one transaction, so that it can be done again where it fails. */
  readonly testify: (signed: SignedAgreement, queries: readonly Query[], parts: PartMaker) => Promise<void>;
  /** `query`: the one that was set aside; none where nothing could be done at all. */
  readonly failed: (error: unknown, query?: QueryId) => void;
}

const atOnce = 20;
const every = 1000;
const delays: Delays = { first: 2000, most: 600_000 };
/** So many of one agreement are set aside; then the fault is not theirs, and the agreement waits. */
const mostAside = 500;

export function keepTestifying<Query>(
  { courier, trust }: Pick<LogKeeper, 'courier' | 'trust'>,
  { name, due, idOf, testify, failed }: Testifying<Query>,
): Closer {
  const { self, store } = courier;
  let maker: { readonly size: number; readonly parts: PartMaker } | undefined;
  const aside = new Map<string, BackOff>();
  const asideUnder = (agreement: string) => {
    const known = aside.get(agreement) ?? openBackOff(delays);
    aside.set(agreement, known);
    return known;
  };

  const portion = async () => {
    const bound = await countersigned(store.knex);
    if (bound === undefined) return false;
    // Where nothing has come since the checkpoint was signed, it says as much as one of now.
    const until = bound.isLast ? Date.now() : bound.signedAt;
    const partsUpTo = () => {
      if (maker?.size !== bound.size) maker = { size: bound.size, parts: openPartMaker(store.knex, bound) };
      return maker.parts;
    };

    /** Resolves to whether any went well. */
    const attempt = async (signed: SignedAgreement, queries: readonly Query[]): Promise<boolean> => {
      const waiting = asideUnder(signed.hash);
      try {
        await testify(signed, queries, partsUpTo());
        for (const query of queries) waiting.drop(idOf(query));
        return true;
      } catch (error) {
        // It remembers also what could not be read.
        maker = undefined;
        const [query, ...others] = queries;
        if (query !== undefined && others.length === 0) {
          waiting.add(idOf(query));
          failed(error, idOf(query));
          return false;
        }
      }
      let any = false;
      for (const query of queries) any = (await attempt(signed, [query])) || any;
      return any;
    };

    for (const signed of trust.agreements.values()) {
      if (!testifiesUnder(signed, self.id)) continue;
      const except = asideUnder(signed.hash).waiting();
      if (except.length >= mostAside) continue;
      const queries = await due({ signed, until, except, limit: atOnce });
      if (queries.length > 0 && (await attempt(signed, queries))) return true;
    }
    maker = undefined;
    return false;
  };

  return atLeisure({ name, every, portion, failed });
}

function testifiesUnder({ content, pinned }: SignedAgreement, self: string): boolean {
  return content.auditor !== undefined && witnessesOf(content).includes(self) && pinned(self) !== undefined;
}
