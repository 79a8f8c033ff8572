// What a party keeps of others' logs, and what it has told them of its own: one row for each other party.
import type { PartyId } from '@anonymesh/protocol';
import type { Migration } from '@anonymesh/store';
import type { Knex } from 'knex';
import { readNote, writeNote, type SignatureLine } from '../notes/note.js';

export const witnessTables: Migration = {
  name: 'evidence-2',
  async up(transaction) {
    await transaction.schema.createTable('evidence_witnessed', (table) => {
      table.string('party', 32).primary();
      table.text('note');
      table.bigInteger('said_at').notNullable();
      table.text('cosignature');
      table.boolean('owed').notNullable();
      table.text('dispute');
      table.bigInteger('told').notNullable();
      table.bigInteger('confirmed').notNullable();
    });
  },
};

export interface Witnessed {
  readonly party: PartyId;
  /** The last checkpoint of its log that was countersigned here, and when it said so. */
  readonly note: string | null;
  readonly said_at: number;
  /** base64url, of that checkpoint. */
  readonly cosignature: string | null;
  /** Whether it has not been sent that yet. */
  readonly owed: boolean;
  /** The first checkpoint that contradicted an earlier one: proof against its party. */
  readonly dispute: string | null;
  /** Sizes of our own log: the last that it was told, and the last that it countersigned. */
  readonly told: number;
  readonly confirmed: number;
}

const nothing = { note: null, said_at: 0, cosignature: null, owed: false, dispute: null, told: 0, confirmed: 0 };

/** The party's row, locked until the transaction ends. */
export async function holdWitnessed(transaction: Knex.Transaction, party: PartyId): Promise<Witnessed> {
  await transaction('evidence_witnessed')
    .insert({ party, ...nothing })
    .onConflict('party')
    .ignore();
  const row = await transaction<Witnessed>('evidence_witnessed').where({ party }).forUpdate().first();
  if (row === undefined) throw new Error('a row that was written is not there');
  return row;
}

export async function saveWitnessed(
  transaction: Knex.Transaction,
  party: PartyId,
  change: Partial<Omit<Witnessed, 'party'>>,
): Promise<void> {
  await transaction<Witnessed>('evidence_witnessed').where({ party }).update(change);
}

/** What contradicted what was seen before, by its party. */
export function disputes(knex: Knex): Promise<Witnessed[]> {
  return knex<Witnessed>('evidence_witnessed').whereNotNull('dispute').orderBy('party');
}

/** Checkpoints of others' logs that were seen here. */
export function witnessedNotes(knex: Knex): Promise<string[]> {
  return knex('evidence_witnessed').whereNotNull('note').orderBy('party').pluck<string[]>('note');
}

export async function latestCheckpoint(knex: Knex): Promise<{ size: number; note: string } | undefined> {
  return knex('evidence_checkpoints').orderBy('size', 'desc').first<{ size: number; note: string }>('size', 'note');
}

/** The own checkpoint of that size, locked until the transaction ends. */
export async function holdCheckpoint(transaction: Knex.Transaction, size: number): Promise<string | undefined> {
  const rows = transaction('evidence_checkpoints').where({ size }).forUpdate();
  return (await rows.first<{ note: string }>('note'))?.note;
}

/** Puts another's cosignature under an own checkpoint, once. */
export async function addCosignature(
  transaction: Knex.Transaction,
  size: number,
  text: string,
  line: SignatureLine,
): Promise<void> {
  const note = readNote(text);
  if (note === undefined) throw new Error('a checkpoint in the store is none');
  const others = note.signatures.filter(({ name }) => name !== line.name);
  const signed = writeNote({ text: note.text, signatures: [...others, line] });
  await transaction('evidence_checkpoints').where({ size }).update({ note: signed });
}
