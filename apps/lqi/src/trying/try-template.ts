// Tries a template on a sample, as a query would run it: read-only, by the same code and within the same limits. What it
// finds is told to who tries and to nobody else: it is not written down, logged, or let out.
import type { SetAgreement } from '@anonymesh/protocol';
import { keyInputs, recordBytes } from '@anonymesh/psi';
import type { CheckTemplate, SetTemplate } from '@anonymesh/trust';
import type { OwnAgreement } from '../agreed/own-agreements.js';
import { evaluateTemplate } from '../questions/evaluate.js';
import { parametersFor, statementOf } from '../questions/statement.js';
import { SourceFault, type SourceFaultCode } from '../sources/source-fault.js';
import type { Source } from '../sources/source.js';
import type { Sample } from './read-sample.js';

export type Tried =
  | { readonly kind: 'check'; readonly concern: boolean; readonly reason: string; readonly milliseconds: number }
  /** `cut`: nobody waits longer at a page; a query would have gone on. */
  | { readonly kind: 'set'; readonly records: number; readonly cut: boolean; readonly milliseconds: number }
  /** `unfit`: what the template found is not what was agreed. `busy`: somebody is trying one. */
  | { readonly kind: 'failed'; readonly code: SourceFaultCode | 'unfit' | 'no-template' | 'busy' };

/** One at a time: who tries must not take the database from the queries. */
export type TryTemplate = (own: OwnAgreement, sample: Sample) => Promise<Tried>;

/** Milliseconds after which a set that is read for a trial is let be. */
const longestWait = 20_000;

export function openTrials(source: Source): TryTemplate {
  let busy = false;
  return async (own, sample) => {
    if (busy) return { kind: 'failed', code: 'busy' };
    busy = true;
    try {
      return await tryOnce(source, own, sample);
    } finally {
      busy = false;
    }
  };
}

async function tryOnce(source: Source, own: OwnAgreement, sample: Sample): Promise<Tried> {
  const { template } = own;
  const { content } = own.signed;
  if (template === undefined || own.faults.includes('template-unfit')) return { kind: 'failed', code: 'no-template' };
  if (template.answer !== 'set') return tryCheck(source, template, sample);
  return content.kind === 'set'
    ? trySet(source, template, content, own, sample)
    : { kind: 'failed', code: 'no-template' };
}

async function tryCheck(source: Source, template: CheckTemplate, { fields, asOf }: Sample): Promise<Tried> {
  const began = performance.now();
  const evaluated = await evaluateTemplate(template, parametersFor(template, fields, asOf), source);
  if ('failed' in evaluated) return { kind: 'failed', code: evaluated.cause?.code ?? 'unfit' };
  return { kind: 'check', ...evaluated, milliseconds: Math.ceil(performance.now() - began) };
}

/** Reads the whole set as a query would, and keeps nothing of it but how many there are. */
async function trySet(
  source: Source,
  template: SetTemplate,
  { limits, keys, record, release }: SetAgreement,
  { terms }: OwnAgreement,
  { fields, asOf }: Sample,
): Promise<Tried> {
  const began = performance.now();
  const most = { rows: Math.min(limits.records.most, template.rows), milliseconds: template.milliseconds };
  const releases = 'releases' in terms ? terms.releases : [];
  const told = (records: number, cut: boolean): Tried => ({
    kind: 'set',
    records,
    cut,
    milliseconds: Math.ceil(performance.now() - began),
  });
  let records = 0;
  try {
    for await (const rows of source.stream(statementOf(template), parametersFor(template, fields, asOf), most)) {
      const fit = rows.every(
        (row) =>
          keyInputs(keys, row) !== 'unfit' &&
          (release === 'count' || recordBytes(releases, row, record.bytes) !== 'unfit'),
      );
      if (!fit) return { kind: 'failed', code: 'unfit' };
      records += rows.length;
      if (performance.now() - began > longestWait) return told(records, true);
    }
  } catch (fault) {
    if (!(fault instanceof SourceFault)) throw fault;
    return { kind: 'failed', code: fault.code };
  }
  return told(records, false);
}
