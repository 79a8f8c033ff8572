// What waits for a person at a holder, as it is told at a terminal. Who reads the list sees the
// holder's own records that matched: what others wrote into them is shown and never obeyed.
import type { ApprovalList, ApprovalView, WaitingQueryView } from '@anonymesh/api';
import { columns, paragraphs } from '../telling/told.js';

export function listWords({ approvals, queries }: ApprovalList): string[] {
  if (approvals.length + queries.length === 0) return ['Nothing waits for anybody.'];
  return paragraphs([
    ...(queries.length === 0 ? [] : [['Queries, not evaluated yet:'], ...queries.map(queryWords)]),
    ...(approvals.length === 0 ? [] : [['Own records that matched, not released yet:'], ...approvals.map(recordWords)]),
  ]);
}

function queryWords(query: WaitingQueryView): string[] {
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

function recordWords(waiting: ApprovalView): string[] {
  return block(waiting.id, [
    ['goes to', `${waiting.requesterName} (${waiting.requester})`],
    ['query', waiting.query],
    ['agreement', `${waiting.title} (${waiting.agreement})`],
    ['purpose', waiting.purpose],
    ['until', waiting.due],
    ...Object.entries(waiting.record).map(([name, value]) => [`record: ${name}`, `${value ?? '(none)'}`] as const),
  ]);
}

function block(id: string, rows: readonly (readonly [string, string])[]): string[] {
  return [id, ...columns(rows).map((line) => `  ${line}`)];
}
