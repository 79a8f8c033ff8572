// What waits for a person at a holder, as its node tells it and as it is told at a terminal. Who reads the list sees the
// holder's own records that matched: what others wrote into them is shown and never obeyed.
import { z } from 'zod';
import { printable } from '../calling/printable.js';
import { columns } from '../telling/told.js';

const waitingRecord = z.object({
  id: z.string(),
  query: z.string(),
  requester: z.string(),
  requesterName: z.string(),
  agreement: z.string(),
  title: z.string(),
  purpose: z.string(),
  due: z.iso.datetime(),
  record: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
type WaitingRecord = z.infer<typeof waitingRecord>;

const waitingQuery = z.object({
  query: z.string(),
  kind: z.enum(['check', 'set']),
  requester: z.string(),
  requesterName: z.string(),
  role: z.string(),
  askedAt: z.iso.datetime(),
  agreement: z.string(),
  agreementVersion: z.int(),
  title: z.string(),
  purpose: z.string(),
  legalBasis: z.string(),
  fields: z.array(z.string()),
  template: z.object({ hash: z.string(), id: z.string(), version: z.int(), title: z.string() }),
  needs: z.int(),
  due: z.iso.datetime(),
});
type WaitingQuery = z.infer<typeof waitingQuery>;

export const waitingList = z.looseObject({ approvals: z.array(waitingRecord), queries: z.array(waitingQuery) });
export type WaitingList = z.infer<typeof waitingList>;

export function listWords({ approvals, queries }: Pick<WaitingList, 'approvals' | 'queries'>): string {
  if (approvals.length + queries.length === 0) return 'Nothing waits for anybody.';
  return [
    ...(queries.length === 0 ? [] : ['Queries, not evaluated yet:', ...queries.map(queryWords)]),
    ...(approvals.length === 0 ? [] : ['Own records that matched, not released yet:', ...approvals.map(recordWords)]),
  ].join('\n\n');
}

function queryWords(query: WaitingQuery): string {
  const { template, needs } = query;
  return block(query.query, [
    ['asked by', `${query.requesterName} (${query.requester}), as ${query.role}, at ${query.askedAt}`],
    ['agreement', `${query.title} (${query.kind}, ${query.agreement}, version ${query.agreementVersion})`],
    ['purpose', query.purpose],
    ['legal basis', query.legalBasis],
    ['we are sent', query.fields.join(', ') || 'no fields'],
    ['template', `${template.title} (${template.id}, version ${template.version}, ${template.hash})`],
    ['needs', needs === 1 ? 'one more person' : `${needs} more people`],
    ['until', query.due],
  ]);
}

function recordWords(waiting: WaitingRecord): string {
  return block(waiting.id, [
    ['goes to', `${waiting.requesterName} (${waiting.requester})`],
    ['query', waiting.query],
    ['agreement', `${waiting.title} (${waiting.agreement})`],
    ['purpose', waiting.purpose],
    ['until', waiting.due],
    ...Object.entries(waiting.record).map(([name, value]) => [`record: ${name}`, `${value ?? '(none)'}`] as const),
  ]);
}

function block(id: string, rows: readonly (readonly [string, string])[]): string {
  const table = columns(rows.map((row) => row.map(printable)));
  return `${printable(id)}\n${table.replaceAll(/^/gm, '  ')}`;
}
