// Trials of the templates that agreements pin, in a node that answers queries meanwhile.
import type { OwnAgreement } from '../agreed/own-agreements.js';
import { parametersFor } from '../questions/statement.js';
import type { Source } from '../sources/source.js';
import type { Sample } from './read-sample.js';
import { tryTemplate, type Tried } from './try-template.js';

/** `busy`: somebody is trying one. `no-template`: there is none here that fits the agreement. */
export type Attempted = Tried | { readonly kind: 'failed'; readonly code: 'no-template' | 'busy' };

/** One at a time: who tries must not take the database from the queries. */
export type TryPinned = (own: OwnAgreement, sample: Sample) => Promise<Attempted>;

/** Milliseconds that somebody waits at a page. */
const longestWait = 20_000;

export function openTrials(source: Source): TryPinned {
  let busy = false;
  return async (own, { fields, asOf }) => {
    const { template } = own;
    if (template === undefined || own.faults.includes('template-unfit')) return { kind: 'failed', code: 'no-template' };
    if (busy) return { kind: 'failed', code: 'busy' };
    busy = true;
    try {
      const parameters = parametersFor(template, fields, asOf);
      return await tryTemplate(source, template, { parameters, agreed: own, longestWait });
    } finally {
      busy = false;
    }
  };
}
