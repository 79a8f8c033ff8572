// Holders' words, as they signed them. The masked flags stand inside the signed letter and nowhere else; the explanation
// beside it is sealed to others.
import { parseJson, type QueryId, type RefusalCode } from '@anonymesh/protocol';
import { answer, refusal } from '@anonymesh/protocol-answering';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Word } from '../combining/decide.js';

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
export async function insertWord(transaction: Knex.Transaction, word: WordRow): Promise<boolean> {
  const inserted = await transaction<WordRow>('words')
    .insert(word)
    .onConflict(['query_id', 'holder'])
    .ignore()
    .returning('holder');
  return inserted.length > 0;
}

/** The words that count: those under the query's own agreement, in order of holder. */
export function findWords(knex: Knex, query: { readonly id: QueryId; readonly agreement: string }): Promise<WordRow[]> {
  return knex<WordRow>('words').where({ query_id: query.id, agreement: query.agreement }).orderBy('holder');
}

const signedAnswer = z.object({ body: answer.body });

/** What was verified when it came, read again from the kept letter. */
export function readWord({ kind, signed }: WordRow): Word {
  if (kind === 'refusal') return { kind };
  const [, payload = ''] = signed.split('.');
  const { body } = signedAnswer.parse(parseJson(Buffer.from(payload, 'base64url'))) as { body: BodyFields };
  return { kind, masked: Buffer.from(body.masked, 'base64url'), check: Buffer.from(body.check, 'base64url') };
}

type BodyFields = { readonly masked: string; readonly check: string };

const signedRefusal = z.object({ body: refusal.body });

/** Who has refused under the query's own agreement, and why. */
export async function findRefusals(
  knex: Knex,
  query: { readonly id: QueryId; readonly agreement: string },
): Promise<ReadonlyMap<string, RefusalCode>> {
  const rows = await findWords(knex, query);
  return new Map(rows.filter(({ kind }) => kind === 'refusal').map((row) => [row.holder, refusalIn(row)]));
}

function refusalIn({ signed }: WordRow): RefusalCode {
  const [, payload = ''] = signed.split('.');
  const { body } = signedRefusal.parse(parseJson(Buffer.from(payload, 'base64url'))) as { body: { code: RefusalCode } };
  return body.code;
}
