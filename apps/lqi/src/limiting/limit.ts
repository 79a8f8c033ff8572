// Whether a question may be taken up, after all that was asked before: counted in the transaction in which it is taken up,
// so that neither a kill nor another copy of this holder lets one slip through.
import { gather } from '@anonymesh/courier';
import { deadlinesOf, type RefusalCode } from '@anonymesh/protocol';
import { countUses, forgetUses, lockNames } from '@anonymesh/store';
import { isSameOrganisation } from '@anonymesh/trust';
import type { Knex } from 'knex';
import type { Mark } from '../disclosing/marks.js';
import type { Question } from '../inbound/question.js';
import { markOf } from '../outbound/disclose.js';
import { askedAbout, askerOf, insertAsked, type AskedPerson } from '../store/asked-persons.js';
import { askedCheck, askerIn, wouldIsolate, type AskedCheck } from './isolation.js';
import { useOf } from './use-of.js';

export interface Limited {
  readonly question: Question;
  readonly mark: Mark;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** `again`: it was counted before. `no`: it is not counted, and must be refused. */
export type Limit = 'new' | 'again' | { readonly no: RefusalCode };

export const limit = gather(async (transaction: Knex, limited: readonly Limited[]): Promise<Limit[]> => {
  const marks = limited.map(({ question, mark }) => markOf(question, mark).mark);
  const counted = await countUses(
    transaction,
    limited.map(({ question, now }, index) => useOf(question, marks[index], now)),
  );
  const before = await asked(transaction, limited, marks);
  const fresh: AskedPerson[] = [];
  const limits: Limit[] = [];
  for (const [index, { question }] of limited.entries()) {
    const was = counted[index] ?? 'again';
    const row = rowOf(question, marks[index]);
    if (typeof was === 'object') limits.push({ no: was.over.code });
    else if (row === undefined) limits.push(was);
    else {
      const known = [...before, ...fresh];
      if (known.some(({ query_id: id }) => id === row.query_id)) limits.push('again');
      else if (isolates(known, row)) {
        await forgetUses(transaction, [row.query_id]);
        limits.push({ no: 'would-isolate' });
      } else {
        fresh.push(row);
        limits.push('new');
      }
    }
  }
  await insertAsked(transaction, fresh);
  return limits;
});

async function asked(transaction: Knex, limited: readonly Limited[], marks: readonly (string | undefined)[]) {
  const named = marks.filter((mark) => mark !== undefined);
  if (named.length === 0) return [];
  await lockNames(transaction, named);
  return askedAbout(transaction, named, Math.min(...limited.map(({ now }) => now)));
}

function rowOf(question: Question, mark: string | undefined): AskedPerson | undefined {
  if (question.kind === 'set' || mark === undefined) return undefined;
  const { agreement, verified, queryId } = question;
  const { requester } = verified.manifest;
  const { name, identity } = askerIn(agreement, requester);
  return {
    query_id: queryId,
    mark,
    organisation: name,
    requester,
    identity,
    asked: JSON.stringify(askedCheck(agreement, requester)),
    kept_until: deadlinesOf(verified.manifest, agreement).erasure,
  };
}

function isolates(known: readonly AskedPerson[], row: AskedPerson): boolean {
  const read = (text: string) => JSON.parse(text) as AskedCheck;
  const asker = askerOf(row);
  const before = known.filter((each) => each.mark === row.mark && isSameOrganisation(askerOf(each), asker));
  return wouldIsolate(
    before.map((each) => read(each.asked)),
    read(row.asked),
  );
}
