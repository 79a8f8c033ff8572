// The form of a trial and what came of it, as people read it.
import type { FieldFormat } from '@anonymesh/protocol';
import type { FieldError, FormFault } from '@anonymesh/web';
import type { OwnAgreement } from '../../agreed/own-agreements.js';
import type { Attempted } from '../../trying/open-trials.js';

export interface TrialField {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
}

const hints: Readonly<Record<FieldFormat, string>> = {
  'ni-number': 'Such as QQ 12 34 56 C',
  'nhs-number': 'Ten digits',
  name: 'As it is written in the records',
  date: 'Year, month and day, such as 2026-03-27',
  postcode: 'Such as NM1 4QT',
  text: '',
};

/** What this holder would receive, and the day of asking. */
export function fieldsOf({ signed, terms, template }: OwnAgreement): TrialField[] {
  const received = terms.receives.map((name) => {
    const field = signed.content.fields[name];
    return { name, label: field?.label ?? name, hint: field?.hint ?? hints[field?.format ?? 'text'] };
  });
  const asOf = { name: 'asOf', label: 'Day of asking', hint: 'Year, month and day; today if you leave it empty' };
  return template?.parameters.includes('asOf') === true ? [...received, asOf] : received;
}

export function faultsOf(errors: readonly FieldError[], fields: readonly TrialField[]): FormFault[] {
  return errors.map(({ field, code }) => {
    const label = fields.find(({ name }) => name === field)?.label ?? 'the form';
    const text = code === 'missing' ? `Enter ${label}` : `${label} is not in the right format`;
    return { field, text };
  });
}

export interface TriedWords {
  readonly status: number;
  readonly heading: string;
  readonly lines: readonly string[];
}

/** What is found is shown to who asked for it, and is nowhere else. */
export function triedWords(tried: Attempted): TriedWords {
  if (tried.kind === 'failed') return failedWords[tried.code];
  const took = `It took ${tried.milliseconds.toLocaleString('en-GB')} ms.`;
  if (tried.kind === 'set') {
    const records = `${tried.records.toLocaleString('en-GB')} ${tried.records === 1 ? 'record' : 'records'}`;
    return tried.cut
      ? { status: 200, heading: `At least ${records}`, lines: ['Reading was stopped here; a query would go on.', took] }
      : { status: 200, heading: records, lines: ['All have what the agreement asks of them.', took] };
  }
  return tried.concern
    ? { status: 200, heading: 'A concern', lines: [`Its reason: ${tried.reason}`, took] }
    : { status: 200, heading: 'No concern', lines: [took] };
}

const failedWords: Readonly<Record<Extract<Attempted, { kind: 'failed' }>['code'], TriedWords>> = {
  timeout: {
    status: 200,
    heading: 'Stopped at its time limit',
    lines: ['A query would be tried again, and refused at its deadline.'],
  },
  'too-many-rows': {
    status: 200,
    heading: 'More rows than agreed',
    lines: ['A query would be refused: the answer is not what was agreed.'],
  },
  statement: {
    status: 200,
    heading: 'The database does not take it',
    lines: ['The template does not fit this database or its parameters, or tries more than to read.'],
  },
  unfit: {
    status: 200,
    heading: 'Not what was agreed',
    lines: ['The database answered, but not in the form that the agreement and the template promise.'],
  },
  'no-template': {
    status: 200,
    heading: 'Nothing to try',
    lines: ['The template does not fit the agreement.'],
  },
  unavailable: {
    status: 503,
    heading: 'The database does not answer',
    lines: ['What you typed is still in the form. Try again, and look at the overview if it lasts.'],
  },
  busy: {
    status: 503,
    heading: 'Somebody else is trying a template',
    lines: ['One is tried at a time, so that the queries have the database. Try again in a moment.'],
  },
};
