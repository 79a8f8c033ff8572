// Which positions of a holder's records have come, and a hash of what they hold: nothing is taken twice in two versions.
import type { QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';

export interface TokenLetter {
  query_id: QueryId;
  holder: string;
  /** Position of the first of these records. */
  first: number;
  records: number;
  hash: string;
}

/** `new`: nothing of it was there. `same`: all of it was. `differs`: some was, in another letter or with other bytes. */
export async function compareLetter(
  transaction: Knex.Transaction,
  letter: TokenLetter,
): Promise<'new' | 'same' | 'differs'> {
  const { query_id, holder, first, records, hash } = letter;
  // None overlaps another: so the last that begins before this ends is the only one that can overlap it.
  const before = await transaction<TokenLetter>('token_letters')
    .where({ query_id, holder })
    .where('first', '<', first + records)
    .orderBy('first', 'desc')
    .first();
  if (before === undefined || before.first + before.records <= first) return 'new';
  return before.first === first && before.records === records && before.hash === hash ? 'same' : 'differs';
}

export async function insertLetter(transaction: Knex.Transaction, letter: TokenLetter): Promise<void> {
  await transaction<TokenLetter>('token_letters').insert(letter);
}
