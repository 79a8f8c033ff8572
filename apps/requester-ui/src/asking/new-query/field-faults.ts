// What is wrong with what a caseworker typed, said so that they can put it right: by field, with an example, and never
// with what was typed.
import type { Agreement } from '@anonymesh/protocol';
import type { FieldError, FormFault } from '@anonymesh/web';

type Field = Agreement['fields'][string];

/** In the order of the form. */
export function fieldFaults(fields: Agreement['fields'], errors: readonly FieldError[]): FormFault[] {
  const codes = new Map(errors.map(({ field, code }) => [field.replace(/^subject\./, ''), code]));
  return Object.entries(fields).flatMap(([name, field]) => {
    const code = codes.get(name);
    if (code === undefined) return [];
    const text = code === 'missing' ? `Enter ${inSentence(field.label)}` : `${field.label} ${mustBe[field.format]}`;
    return [{ field: name, text, ...(field.format === 'date' ? { at: `${name}-day` } : {}) }];
  });
}

const mustBe: Readonly<Record<Field['format'], string>> = {
  'ni-number': 'must be two letters, six digits and a letter from A to D, like QQ 12 34 56 C',
  'nhs-number': 'must be a real number of ten digits, like 943 476 5919',
  name: 'must be letters, hyphens, spaces and apostrophes',
  date: 'must be a real date, like 27 3 1985',
  postcode: 'must be a full postcode, like AA1 1AA',
  text: 'must be a short text in ordinary characters',
};

/** "Last name" → "last name"; a label that begins with an abbreviation or a proper name stays as it is. */
function inSentence(label: string): string {
  return /^[A-Z][a-z]+ [a-z]/.test(label) ? label[0]?.toLowerCase() + label.slice(1) : label;
}
