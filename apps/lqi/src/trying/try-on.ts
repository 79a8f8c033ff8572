// What a template finds on these records with these values. Of a set it tells how many rows and which columns, and no row.
import type { Template } from '@anonymesh/trust';
import { findingOf } from '../questions/finding.js';
import { statementOf } from '../questions/statement.js';
import { SourceFault, type SourceFaultCode } from '../sources/source-fault.js';
import type { Source } from '../sources/source.js';

export type Tried =
  | { readonly found: 'check'; readonly concern: boolean; readonly reason: string; readonly milliseconds: number }
  | {
      readonly found: 'set';
      readonly rows: number;
      readonly columns: readonly string[];
      readonly milliseconds: number;
    }
  /** `unfit`: what came is not of the shape that a check must have. `missing`, `unknown`: a value, by its parameter. */
  | { readonly failed: SourceFaultCode | 'unfit'; readonly milliseconds: number }
  | { readonly failed: 'missing' | 'unknown'; readonly parameter: string };

/** `asOf`, the day of asking, is today unless it is among the values. */
export async function tryOn(
  template: Template,
  values: Readonly<Record<string, string>>,
  source: Source,
): Promise<Tried> {
  const given: Record<string, string> = { asOf: new Date().toISOString().slice(0, 10), ...values };
  const missing = template.parameters.find((name) => given[name] === undefined);
  if (missing !== undefined) return { failed: 'missing', parameter: missing };
  const unknown = Object.keys(values).find((name) => !template.parameters.includes(name));
  if (unknown !== undefined) return { failed: 'unknown', parameter: unknown };
  const parameters = Object.fromEntries(template.parameters.map((name) => [name, given[name] ?? '']));
  const limits = { rows: template.rows, milliseconds: template.milliseconds };
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  try {
    if (template.answer === 'set') {
      let [rows, columns]: [number, readonly string[]] = [0, []];
      for await (const batch of source.stream(statementOf(template), parameters, limits)) {
        rows += batch.length;
        columns = Object.keys(batch[0] ?? {});
      }
      return { found: 'set', rows, columns, milliseconds: took() };
    }
    const finding = findingOf(template, await source.run(statementOf(template), parameters, limits));
    return finding === 'unfit'
      ? { failed: 'unfit', milliseconds: took() }
      : { found: 'check', ...finding, milliseconds: took() };
  } catch (cause) {
    if (!(cause instanceof SourceFault)) throw cause;
    return { failed: cause.code, milliseconds: took() };
  }
}
