// What others wrote, fit for a terminal: line breaks, escape sequences and characters that turn the line round are not
// passed on.

const steering = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Fit for one line. */
export function printable(text: string): string {
  return text.replaceAll(steering, '�');
}

/** Escaped, which says the same to programs. JSON itself wants it of the oldest control characters alone. */
export function printableJson(value: object): string {
  return JSON.stringify(value).replaceAll(steering, (found) =>
    found.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
