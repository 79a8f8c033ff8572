// Holders' words, as they signed them. The masked flags stand inside the signed letter and nowhere else; the explanation
// beside it is sealed to others.
import { firstOfEach, gather } from '@anonymesh/courier';
import { parseJson, type QueryId, type RefusalCode } from '@anonymesh/protocol';
import { answer, refusal } from '@anonymesh/protocol-answering';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Word } from '../combining/decide.js';
import type { Query } from './queries.js';

export interface WordRow {
  query_id: QueryId;
  holder: string;
  /** Under which it was spoken, and which names the holder. */
  agreement: string;
  kind: 'answer' | 'refusal';
  signed: string;
  explanation: string | null;
  /** Nobody had told us of the query when it came. */
  unexpected: boolean;
  /**
   * Milliseconds since 1970: the agreement's retention and its whole deadline, from when the word came; of an unexpected
   * one, the deadline alone, until its query is decided.
   */
  kept_until: number;
}

/** The first word of a holder counts. Returns whether this was the first. */
export const insertWord = gather(async (transaction, words: readonly WordRow[]) => {
  const inserted = await transaction<WordRow>('words')
    .insert([...words])
    .onConflict(['query_id', 'holder'])
    .ignore()
    .returning(['query_id', 'holder']);
  return firstOfEach(words.map(keyOf), inserted.map(keyOf));
});

/** The words that count: those under the query's own agreement, in order of holder. */
export const findWords = gather(async (transaction, queries: readonly Pick<Query, 'id' | 'agreement'>[]) => {
  const ids = [...new Set(queries.map(({ id }) => id))];
  const found: WordRow[] = await transaction<WordRow>('words').whereIn('query_id', ids).orderBy('holder');
  const byQuery = Map.groupBy(found, ({ query_id }) => query_id);
  return queries.map(({ id, agreement }) => (byQuery.get(id) ?? []).filter((word) => word.agreement === agreement));
});

/** How many unexpected words there are of the holder, whatever became of their queries. */
export const countUnexpected = gather(async (transaction, holders: readonly string[]) => {
  const counted: { holder: string; words: number | string }[] = await transaction('words')
    .whereRaw('unexpected')
    .whereIn('holder', [...new Set(holders)])
    .groupBy('holder')
    .select('holder')
    .count({ words: '*' });
  const byHolder = new Map(counted.map(({ holder, words }) => [holder, Number(words)]));
  return holders.map((holder) => byHolder.get(holder) ?? 0);
});

/** Those that came before their query are kept like the others from now on. */
export async function keepWords(
  transaction: Knex.Transaction,
  { id, agreement, kept_until }: Pick<Query, 'id' | 'agreement' | 'kept_until'>,
): Promise<void> {
  await transaction<WordRow>('words')
    .where({ query_id: id, agreement })
    .whereRaw('unexpected')
    .update({ unexpected: false, kept_until });
}

export function dropWords(transaction: Knex.Transaction, queryId: QueryId): Promise<number> {
  return transaction<WordRow>('words').where({ query_id: queryId }).delete();
}

function keyOf({ query_id, holder }: Pick<WordRow, 'query_id' | 'holder'>): string {
  return `${query_id} ${holder}`;
}

const signedAnswer = z.object({ body: answer.body });

/** What was verified when it came, read again from the kept letter. */
export function readWord(row: WordRow): Word {
  const { kind, signed } = row;
  if (kind === 'refusal') return { kind, code: refusalIn(row) };
  const [, payload = ''] = signed.split('.');
  const { body } = signedAnswer.parse(parseJson(Buffer.from(payload, 'base64url'))) as { body: BodyFields };
  return { kind, masked: Buffer.from(body.masked, 'base64url'), check: Buffer.from(body.check, 'base64url') };
}

type BodyFields = { readonly masked: string; readonly check: string };

const signedRefusal = z.object({ body: refusal.body });

/** Who has refused under the query's own agreement, and why. */
export async function findRefusals(
  transaction: Knex.Transaction,
  query: Pick<Query, 'id' | 'agreement'>,
): Promise<ReadonlyMap<string, RefusalCode>> {
  const rows = await findWords(transaction, query);
  return new Map(rows.filter(({ kind }) => kind === 'refusal').map((row) => [row.holder, refusalIn(row)]));
}

function refusalIn({ signed }: WordRow): RefusalCode {
  const [, payload = ''] = signed.split('.');
  const { body } = signedRefusal.parse(parseJson(Buffer.from(payload, 'base64url'))) as { body: { code: RefusalCode } };
  return body.code;
}
