// The formats of fields that an agreement can declare, each with the one form to which what people type, or databases
// hold, is brought: two parties must come to the same bytes without seeing each other's.
import type { FieldFormat } from './agreement/terms.js';

/** National Insurance number: HMRC's manual NIM39110. */
const niNumber = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/;
const postcode = /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/;
const personName = /^[\p{L}\p{M}][\p{L}\p{M}' -]{0,99}$/u;
/** No control, no invisible, no unassigned character. */
const plainText = /^[^\p{C}]+$/u;

const canonicalForms: Record<FieldFormat, (text: string) => string | undefined> = {
  'ni-number': (text) => matching(niNumber, text.toUpperCase().replace(/[\s-]/g, '')),
  'nhs-number': (text) => {
    const digits = text.replace(/[\s-]/g, '');
    return isNhsNumber(digits) ? digits : undefined;
  },
  name: (text) => matching(personName, folded(text).replace(/[\u2018\u2019\u201b\u02bc]/g, "'")),
  date: (text) => (isDate(text) ? text : undefined),
  postcode: (text) => {
    const found = postcode.exec(text.toUpperCase().replace(/\s/g, ''));
    return found === null ? undefined : `${found[1]} ${found[2]}`;
  },
  text: (text) => matching(plainText, folded(text)),
};

/**
 * Text as typed → the canonical form (Unicode NFKC, case, spacing), or undefined where it is not of the format.
 * Canonical text stays as it is.
 */
export function canonicalText(format: FieldFormat, typed: string): string | undefined {
  // In UTF-8 every half of a surrogate pair looks like every other.
  if (typed.length > 200 || !typed.isWellFormed()) return undefined;
  return canonicalForms[format](typed.normalize('NFKC').trim());
}

function matching(pattern: RegExp, text: string): string | undefined {
  return pattern.test(text) ? text : undefined;
}

function folded(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKC') // J and a caron have no letter of their own, j and a caron have: ǰ
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\s+/g, ' ');
}

/** Ten digits, the last of which checks the others: NHS Data Dictionary, NHS NUMBER, modulus 11. */
function isNhsNumber(digits: string): boolean {
  if (!/^[0-9]{10}$/.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < 10; at++) sum += Number(digits[at]) * (at === 9 ? 1 : 10 - at);
  return sum % 11 === 0;
}

/** yyyy-mm-dd of a day that exists, since 1850. */
function isDate(text: string): boolean {
  if (!/^(18[5-9]|19\d|20\d)\d-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.valueOf()) && day.toISOString().slice(0, 10) === text;
}
