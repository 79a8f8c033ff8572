// Runs the pinned template of one question on the holder's own database, read-only, within its limits.
import type { Question } from '../inbound/examine.js';
import type { Source } from '../sources/source.js';
import { SourceFault } from '../sources/source-fault.js';
import { findingOf, type Finding } from './finding.js';

/** `again`: the database failed, and may not next time. `unfit`: it cannot be answered as agreed. */
export type Evaluated =
  | Finding
  | { readonly failed: 'again'; readonly cause?: SourceFault }
  | { readonly failed: 'unfit'; readonly cause?: SourceFault };

export async function evaluate(question: Question, source: Source): Promise<Evaluated> {
  const { template } = question;
  try {
    const limits = { rows: template.rows, milliseconds: template.milliseconds };
    const rows = await source.run(statementOf(question), parametersOf(question), limits);
    const finding = findingOf(template, rows);
    return finding === 'unfit' ? { failed: 'unfit' } : finding;
  } catch (cause) {
    if (!(cause instanceof SourceFault)) throw cause;
    const mayPass = cause.code === 'unavailable' || cause.code === 'timeout';
    return { failed: mayPass ? 'again' : 'unfit', cause };
  }
}

function statementOf({ template }: Question) {
  return template.kind === 'sql'
    ? { kind: template.kind, dialect: template.dialect, text: template.statement }
    : { kind: template.kind, collection: template.collection, stages: template.stages };
}

/** The day of asking is the manifest's, in UTC, so that all holders look at the same day. */
function parametersOf({ template, fields, verified }: Question): Record<string, string> {
  const asOf = new Date(verified.manifest.issuedAt).toISOString().slice(0, 10);
  const valueOf = (name: string) => (name === 'asOf' ? asOf : (fields[name]?.reveal() ?? ''));
  return Object.fromEntries(template.parameters.map((name) => [name, valueOf(name)]));
}
