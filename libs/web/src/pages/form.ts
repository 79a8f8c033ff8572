// What somebody typed into a form, and what is wrong with it. A page that turns a form down shows it again as it was
// typed; nothing of it is kept here, in a cookie or in an address.

/** The fields of a form as text; a field that came more than once, or is no text, is not there. */
export type TypedForm = Readonly<Record<string, string>>;

export function readForm(body: unknown): TypedForm {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  const typed = Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  // Without a prototype, so that no field's name means anything to JavaScript.
  return Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(typed));
}

export interface FormFault {
  readonly field: string;
  /** The id of what is to be filled in anew; the field's name unless told, and of a day in three boxes `name-day`. */
  readonly at?: string;
  /** For a person: "Enter a date of birth". Never what was typed. */
  readonly text: string;
}

/** For a template: give it as `form`, and to the macros of form.njk. */
export interface FormState {
  readonly values: TypedForm;
  readonly errors: Readonly<Record<string, string>>;
  /** For the error summary, which the layout shows. */
  readonly summary: readonly { readonly text: string; readonly href: string }[];
}

export function formState(values: TypedForm = {}, faults: readonly FormFault[] = []): FormState {
  return {
    values,
    errors: Object.fromEntries(faults.map(({ field, text }) => [field, text])),
    summary: faults.map(({ field, text, at = field }) => ({ text, href: `#${at}` })),
  };
}

/** What was typed into dateField of form.njk: `1985-03-27` for 27, 3 and 1985; what is no date comes back as no date. */
export function readDate(form: TypedForm, name: string): string {
  const [day = '', month = '', year = ''] = ['day', 'month', 'year'].map((part) => form[`${name}-${part}`]?.trim());
  if (`${day}${month}${year}` === '') return '';
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
