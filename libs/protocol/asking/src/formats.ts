// The formats of fields that an agreement can declare, each with the one form to which what people type is brought.
import type { FieldFormat } from '@anonymesh/protocol';
import { Withheld } from './withheld.js';

/** National Insurance number: HMRC's manual NIM39110. */
const niNumber = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/;
const postcode = /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/;
const personName = /^[\p{L}\p{M}][\p{L}\p{M}' -]{0,99}$/u;

const normalisers: Record<FieldFormat, (text: string) => string | undefined> = {
  'ni-number': (text) => matching(niNumber, text.toUpperCase().replace(/[\s-]/g, '')),
  name: (text) =>
    matching(
      personName,
      text
        .toLowerCase()
        .normalize('NFKC') // J and a caron have no letter of their own, j and a caron have: ǰ
        .replace(/[\u2018\u2019]/g, "'")
        .replace(/\s+/g, ' '),
    ),
  date: (text) => (isDate(text) ? text : undefined),
  postcode: (text) => {
    const found = postcode.exec(text.toUpperCase().replace(/\s/g, ''));
    return found === null ? undefined : `${found[1]} ${found[2]}`;
  },
};

/** Text as typed → the canonical form (Unicode NFKC, case, spacing), or undefined where it is not of the format. */
export function normalise(format: FieldFormat, typed: string): Withheld | undefined {
  if (typed.length > 200) return undefined;
  const canonical = normalisers[format](typed.normalize('NFKC').trim());
  return canonical === undefined ? undefined : new Withheld(canonical);
}

/** Whether the text is in canonical form already: what a holder requires of what it is sent. */
export function isCanonical(format: FieldFormat, text: string): boolean {
  return normalise(format, text)?.reveal() === text;
}

function matching(pattern: RegExp, text: string): string | undefined {
  return pattern.test(text) ? text : undefined;
}

/** yyyy-mm-dd of a day that exists, since 1850. */
function isDate(text: string): boolean {
  if (!/^(18[5-9]|19\d|20\d)\d-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.valueOf()) && day.toISOString().slice(0, 10) === text;
}
