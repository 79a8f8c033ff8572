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
  /** Milliseconds since 1970: the agreement's retention and its whole deadline, from when the word came. */
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
