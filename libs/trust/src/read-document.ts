// Reads a file of one document, checked by its schema. Whoever wrote it learns which file is at fault and why; in YAML,
// which people write by hand, also the line and the column.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { FlawedDocument, parseYaml } from './yaml-flaws.js';

/** Throws, naming the file, where it is missing, cannot be parsed, or is not of the schema. */
export function readDocument<Value>(file: string, schema: z.ZodType<Value>, parse: (text: string) => unknown): Value {
  const parsed = schema.safeParse(parsedBy(parse, file));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** As `readDocument`, of YAML: what is wrong in it is thrown as a `FlawedDocument`, all of it at once. */
export function readYaml<Value>(file: string, schema: z.ZodType<Value>): Value {
  const parsed = parseYaml(file, textOf(file), schema);
  if (!parsed.ok) throw new FlawedDocument(parsed.flaws);
  return parsed.value;
}

function parsedBy(parse: (text: string) => unknown, file: string): unknown {
  const text = textOf(file);
  try {
    return parse(text);
  } catch (cause) {
    // The parser would quote it, and a wrong path can lead to a secret.
    throw new Error(`${file}: not JSON`, { cause });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw new Error(`${file}: cannot be read (${code})`, { cause });
  }
}
