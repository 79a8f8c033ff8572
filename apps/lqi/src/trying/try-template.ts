// Tries a template on a sample, as a query would run it: read-only, by the same code and within the same limits. What it
// finds is told to who tries and to nobody else: it is not written down, logged, or let out.
import { keyInputs, recordBytes } from '@anonymesh/psi';
import type { CheckTemplate, SetTemplate, Template } from '@anonymesh/trust';
import type { Agreed } from '../agreed/own-agreements.js';
import { evaluateTemplate } from '../questions/evaluate.js';
import { statementOf } from '../questions/statement.js';
import { SourceFault, type SourceFaultCode } from '../sources/source-fault.js';
import type { Parameters, Row, Source } from '../sources/source.js';

export type Tried =
  | { readonly kind: 'check'; readonly concern: boolean; readonly reason: string; readonly milliseconds: number }
  /** `columns`: their names, as the first row has them. `cut`: nobody waited longer; a query would have gone on. */
  | {
      readonly kind: 'set';
      readonly records: number;
      readonly columns: readonly string[];
      readonly cut: boolean;
      readonly milliseconds: number;
    }
  /** `unfit`: what the template found is not what was agreed, or of no shape that it could have. */
  | { readonly kind: 'failed'; readonly code: SourceFaultCode | 'unfit' };

export interface Trial {
  readonly parameters: Parameters;
  /** What a set is held to. Where there is no agreement yet, its rows are counted, whatever is in them. */
  readonly agreed?: Agreed | undefined;
  /** Milliseconds after which a set that is read is let be. */
  readonly longestWait?: number;
}

export function tryTemplate(source: Source, template: Template, trial: Trial): Promise<Tried> {
  return template.answer === 'set' ? trySet(source, template, trial) : tryCheck(source, template, trial);
}

async function tryCheck(source: Source, template: CheckTemplate, { parameters }: Trial): Promise<Tried> {
  const began = performance.now();
  const evaluated = await evaluateTemplate(template, parameters, source);
  if ('failed' in evaluated) return { kind: 'failed', code: evaluated.cause?.code ?? 'unfit' };
  return { kind: 'check', ...evaluated, milliseconds: Math.ceil(performance.now() - began) };
}

/** Reads the whole set as a query would, and keeps nothing of it but how many there are and what its columns are called. */
async function trySet(
  source: Source,
  template: SetTemplate,
  { parameters, agreed, longestWait = Infinity }: Trial,
): Promise<Tried> {
  const began = performance.now();
  const { mostRows, isFit } = heldTo(agreed);
  const limits = { rows: Math.min(mostRows, template.rows), milliseconds: template.milliseconds };
  let [records, columns, cut]: [number, readonly string[], boolean] = [0, [], false];
  try {
    for await (const rows of source.stream(statementOf(template), parameters, limits)) {
      if (!rows.every(isFit)) return { kind: 'failed', code: 'unfit' };
      if (records === 0) columns = Object.keys(rows[0] ?? {});
      records += rows.length;
      cut = performance.now() - began > longestWait;
      if (cut) break;
    }
  } catch (fault) {
    if (!(fault instanceof SourceFault)) throw fault;
    return { kind: 'failed', code: fault.code };
  }
  return { kind: 'set', records, columns, cut, milliseconds: Math.ceil(performance.now() - began) };
}

function heldTo(agreed: Agreed | undefined): { readonly mostRows: number; readonly isFit: (row: Row) => boolean } {
  const content = agreed?.signed.content;
  if (content?.kind !== 'set') return { mostRows: Infinity, isFit: () => true };
  const { keys, record, release, limits } = content;
  const releases = agreed !== undefined && 'releases' in agreed.terms ? agreed.terms.releases : [];
  const isFit = (row: Row) =>
    keyInputs(keys, row) !== 'unfit' && (release === 'count' || recordBytes(releases, row, record.bytes) !== 'unfit');
  return { mostRows: limits.records.most, isFit };
}
