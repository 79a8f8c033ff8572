// Writes down what leaves, in the transaction in which it leaves: neither can happen without the other. What it was
// stays out: a row is the same whatever the answer.
import type { Work } from '@anonymesh/courier';
import { deadlinesOf, type Agreement, type PartyId, type RefusalCode } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import type { Mark } from '../disclosing/marks.js';
import type { Question } from '../inbound/question.js';
import { insertDisclosures, type Disclosure } from '../store/disclosures.js';

/** Rows of open transactions: all of one are written by one statement. */
const open = new WeakMap<Knex.Transaction, Disclosure[]>();

export function disclose({ transaction, atEnd }: Pick<Work, 'transaction' | 'atEnd'>, row: Disclosure): void {
  const rows = open.get(transaction);
  if (rows !== undefined) return void rows.push(row);
  const first = [row];
  open.set(transaction, first);
  atEnd('disclosures', () => insertDisclosures(transaction, first));
}

interface Leaving {
  readonly kind: Disclosure['kind'];
  /** As `recipient` of the row. */
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly records?: number;
  readonly code?: RefusalCode;
  readonly mark?: string;
}

/** The row of something that leaves for a question. */
export function disclosureOf({ queryId, verified, template, ...question }: Question, leaving: Leaving): Disclosure {
  const { manifest } = verified;
  const { agreement: content, terms } = question;
  return {
    ...leavingColumns(leaving),
    ...agreementColumns(manifest.agreement, content),
    query_id: queryId,
    asked_at: manifest.issuedAt,
    template: terms.template.hash,
    template_id: template.id,
    template_version: template.version,
    requester: manifest.requester,
    kept_until: deadlinesOf(manifest, content).erasure,
  };
}

/** The row of a refusal that left before the question could be read. */
export function unreadDisclosureOf(
  queryId: string,
  holder: PartyId,
  { hash, content }: { readonly hash: string; readonly content: Agreement },
  leaving: Leaving,
): Disclosure {
  return {
    ...leavingColumns(leaving),
    ...unreadColumns(holder, { hash, content }),
    query_id: queryId,
    kept_until: deadlinesOf({ issuedAt: leaving.at }, content).erasure,
  };
}

/** The row of a testimony, which is the same of every query: of one that is over no more is kept here than that it was. */
export function testimonyDisclosureOf(
  { query_id, kept_until }: Pick<Disclosure, 'query_id' | 'kept_until'>,
  holder: PartyId,
  agreement: { readonly hash: string; readonly content: Agreement },
): Disclosure {
  const to = agreement.content.auditor?.name ?? '';
  return {
    ...leavingColumns({ kind: 'testimony', to, at: Date.now() }),
    ...unreadColumns(holder, agreement),
    query_id,
    kept_until,
  };
}

/** The mark of the person whom a check is about; of a set nobody is named. */
export function markOf(question: Question, mark: Mark): { readonly mark?: string } {
  if (question.kind === 'set') return {};
  const { agreement, fields } = question;
  const format = agreement.fields[agreement.subjectKey]?.format;
  const value = fields[agreement.subjectKey];
  return format === undefined || value === undefined ? {} : { mark: mark(format, value.reveal()) };
}

function leavingColumns({ kind, to, at, records, code, mark }: Leaving) {
  return { kind, at, recipient: to, records: records ?? null, code: code ?? null, mark: mark ?? null };
}

/** Of a question that is not at hand. */
function unreadColumns(holder: PartyId, { hash, content }: { readonly hash: string; readonly content: Agreement }) {
  return {
    ...agreementColumns(hash, content),
    asked_at: null,
    template: content.holders.find(({ id }) => id === holder)?.template.hash ?? '',
    template_id: null,
    template_version: null,
    requester: null,
  };
}

function agreementColumns(hash: string, { id, version }: Agreement) {
  return { agreement: hash, agreement_id: id, agreement_version: version };
}
