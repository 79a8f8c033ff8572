// The fields of whom a query is about, as somebody typed them or a program wrote them. What is wrong with them is told by
// line, never with what stands there: error messages are kept and passed on.
import { createReadStream } from 'node:fs';
import { isNativeError } from 'node:util/types';
import { parseDocument } from 'yaml';
import { readUpTo } from '../calling/read-up-to.js';
import { No } from '../telling/no.js';

const most = 64 * 1024;
/** As agreements name fields. */
const fieldName = /^[a-z][A-Za-z0-9]{0,31}$/;
/** What else stands in the place of a name may be a value, and is not repeated. */
const printableName = /^[a-z][A-Za-z]{0,31}$/;

/** `place`: a file, or `-` for the input. */
export async function readSubject(place: string): Promise<Record<string, unknown>> {
  const isInput = place === '-';
  if (isInput && process.stdin.isTTY) process.stderr.write('Each field as `name: value`; Ctrl-D ends:\n');
  const name = isInput ? '(input)' : place;
  const text = await readUpTo(most, isInput ? process.stdin : createReadStream(place)).catch((cause: unknown) => {
    throw new No('usage', isNativeError(cause) ? cause.message : `${name}: cannot be read`, { cause });
  });
  if (text === undefined) throw new No('usage', `${name}: not UTF-8, or longer than ${most} bytes`);
  const fields = fieldsIn(text);
  if (typeof fields === 'string') throw new No('usage', `${name}: ${fields}`);
  return fields;
}

/** One JSON object, or lines such as `name: value`. A string says what is wrong. */
export function fieldsIn(text: string): Record<string, unknown> | string {
  return text.trimStart().startsWith('{') ? inJson(text) : inLines(text);
}

function inJson(text: string): Record<string, unknown> | string {
  try {
    const fields = JSON.parse(text) as Record<string, unknown>;
    const [wrong] = Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' ? [] : [name]));
    if (wrong !== undefined)
      return `${printableName.test(wrong) ? wrong : 'a field'}: must be text, in quotation marks`;
    // JSON.parse takes the last of two values of one field: somebody else could be asked about than was meant.
    const isDouble = parseDocument(text, { logLevel: 'silent' }).errors.some(({ code }) => code === 'DUPLICATE_KEY');
    return isDouble ? 'a field is there twice' : fields;
  } catch (cause) {
    if (cause instanceof SyntaxError) return 'begins as JSON, and is not one JSON object';
    throw cause;
  }
}

function inLines(text: string): Record<string, unknown> | string {
  const fields = new Map<string, string>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    if (!fieldName.test(name)) return `line ${at + 1}: not as in "surname: value"`;
    if (fields.has(name)) return `line ${at + 1}: a field that is there already`;
    fields.set(name, line.slice(colon + 1).trim());
  }
  return Object.fromEntries(fields);
}
