// What is put to the holder's own database: the template's statement, and the agreed fields that it takes.
import type { SubjectFields } from '@anonymesh/protocol-asking';
import type { Template } from '@anonymesh/trust';
import type { Question } from '../inbound/question.js';
import type { Parameters, Statement } from '../sources/source.js';

export function statementOf(template: Template): Statement {
  return template.kind === 'sql'
    ? { kind: template.kind, dialect: template.dialect, text: template.statement }
    : { kind: template.kind, collection: template.collection, stages: template.stages };
}

/** The day of asking is the manifest's, in UTC, so that all holders look at the same day. */
export function parametersOf({ template, fields, verified }: Question): Parameters {
  return parametersFor(template, fields, new Date(verified.manifest.issuedAt).toISOString().slice(0, 10));
}

/** `asOf`: yyyy-mm-dd. */
export function parametersFor(template: Template, fields: SubjectFields, asOf: string): Parameters {
  const valueOf = (name: string) => (name === 'asOf' ? asOf : (fields[name]?.reveal() ?? ''));
  return Object.fromEntries(template.parameters.map((name) => [name, valueOf(name)]));
}
