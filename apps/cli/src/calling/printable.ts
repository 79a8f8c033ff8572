// What others wrote, fit for a terminal: escape sequences and characters that turn the line round are not passed on.

export function printable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '�');
}
