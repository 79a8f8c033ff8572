// What a log line may hold: numbers, booleans, and texts that were checked to be an id or a code. Nobody learns a
// person from a log, because the text of a record has no way into this type.

declare const checked: unique symbol;

/** A text that one of the functions of `loggable` has checked. A plain string is not one. */
export type LoggableText = string & { readonly [checked]: true };

export type Loggable = number | boolean | LoggableText;

/** Printed in place of a text that is not what it was said to be. */
export const withheld = '[withheld]' as LoggableText;

const patterns = {
  queryId: /^[0-9a-f]{32}$/,
  // As the protocol's party ids, but without three digits in a row: an insurance number is no party.
  partyId: /^(?!.*\d{3})[a-z][a-z0-9-]{1,30}$/,
  // Ours are words joined by hyphens or dots. The others are those of Node (ECONNRESET), of libraries (ERR_JWT_EXPIRED)
  // and of SQL (42P01).
  code: /^(?:[a-z]+\d?(?:[.-][a-z]+\d?)*|E[A-Z]{2,20}|[A-Z]+(?:_[A-Z0-9]+)+|(?:\d\d|[FP]0|XX|HV)[0-9A-Z]{3})$/,
  className: /^(?:[A-Z][a-z0-9]+){2,6}$/,
};

const longest = 64;

function checkedBy(pattern: RegExp): (text: string) => LoggableText {
  return (text) => (text.length <= longest && pattern.test(text) ? (text as LoggableText) : withheld);
}

/** The only ways from a string into a log line. Each returns `[withheld]` for a text of another shape. */
export const loggable = {
  /** 32 hexadecimal digits. */
  queryId: checkedBy(patterns.queryId),
  partyId: checkedBy(patterns.partyId),
  /** A code from a closed list: of a refusal, a state, a library, the operating system or SQL. */
  code: checkedBy(patterns.code),
  /** The name of a class, in two words or more. */
  className: checkedBy(patterns.className),
};

/** What is printed for a value, whatever its type claims: a cast does not open the log. */
export function printable(value: unknown): Loggable {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string' || value.length > longest) return withheld;
  return Object.values(patterns).some((pattern) => pattern.test(value)) ? (value as LoggableText) : withheld;
}
