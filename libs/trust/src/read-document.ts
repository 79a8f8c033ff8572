// Reads a file of one document, checked by its schema. Whoever starts a node learns which file is at fault, and why.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Throws, naming the file, where it is missing, cannot be parsed, or is not of the schema. */
export function readDocument<Value>(file: string, schema: z.ZodType<Value>, parse: (text: string) => unknown): Value {
  const parsed = schema.safeParse(parsedBy(parse, file));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function parsedBy(parse: (text: string) => unknown, file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file}: ${String(cause)}`, { cause });
  }
}
