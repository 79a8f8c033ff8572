// Runs the pinned template of one question on the holder's own database, read-only, within its limits.
import type { CheckTemplate } from '@anonymesh/trust';
import type { CheckQuestion } from '../inbound/question.js';
import type { Parameters, Source } from '../sources/source.js';
import { SourceFault } from '../sources/source-fault.js';
import { findingOf, type Finding } from './finding.js';
import { parametersOf, statementOf } from './statement.js';

/**
 * `again`: the database failed, and may not next time. `unfit`: it cannot be answered as agreed. `silent`: nothing was
 * evaluated, for somebody has not said that the agreement is in force. `ended`: it never will be again.
 */
export type Evaluated =
  | Finding
  | { readonly failed: 'again'; readonly cause?: SourceFault }
  | { readonly failed: 'unfit'; readonly cause?: SourceFault }
  | { readonly failed: 'silent' | 'ended'; readonly cause?: undefined };

export function evaluate(question: CheckQuestion, source: Source): Promise<Evaluated> {
  return evaluateTemplate(question.template, parametersOf(question), source);
}

export async function evaluateTemplate(
  template: CheckTemplate,
  parameters: Parameters,
  source: Source,
): Promise<Evaluated> {
  try {
    const limits = { rows: template.rows, milliseconds: template.milliseconds };
    const rows = await source.run(statementOf(template), parameters, limits);
    const finding = findingOf(template, rows);
    return finding === 'unfit' ? { failed: 'unfit' } : finding;
  } catch (cause) {
    if (!(cause instanceof SourceFault)) throw cause;
    const mayPass = cause.code === 'unavailable' || cause.code === 'timeout';
    return { failed: mayPass ? 'again' : 'unfit', cause };
  }
}
