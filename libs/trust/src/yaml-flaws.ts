// What is wrong in a document that a person wrote as YAML, each with its file, line and column: of the YAML itself, or of
// what the schema makes of it.
import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';

export interface Flaw {
  readonly file: string;
  /** From 1, both. */
  readonly line: number;
  readonly column: number;
  /** The keys that lead there, such as `holders.0.receives`; empty for the document as a whole. */
  readonly path: string;
  readonly message: string;
}

/** `file:line:column: path: what is wrong`, as editors and terminals open it. */
export function inWords({ file, line, column, path, message }: Flaw): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
}

export class FlawedDocument extends Error {
  override readonly name = 'FlawedDocument';

  constructor(readonly flaws: readonly Flaw[]) {
    super(flaws.map(inWords).join('\n'));
  }
}

export type ParsedYaml<Value> =
  | { readonly ok: true; readonly value: Value; readonly flawAt: FlawAt }
  | { readonly ok: false; readonly flaws: readonly Flaw[] };

/** Makes a flaw of what else is found wrong in the document, at these keys. */
export type FlawAt = (path: readonly PropertyKey[], message: string) => Flaw;

export function parseYaml<Value>(file: string, text: string, schema: z.ZodType<Value>): ParsedYaml<Value> {
  // Its pretty errors would quote what is written there.
  const document = parseDocument(text, { prettyErrors: false });
  const flaw = (offset: number, path: readonly PropertyKey[], message: string): Flaw => {
    // The parser's own counter has not seen all lines where it gives up before the end.
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    const column = before.length - before.lastIndexOf('\n');
    return { file, line, column, path: path.map(String).join('.'), message };
  };
  // A warning is of a tag that nobody knows: what it was to mean would be lost.
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) return { ok: false, flaws: broken.map(({ pos, message }) => flaw(pos[0], [], message)) };
  const found = plain(document);
  if (typeof found === 'string') return { ok: false, flaws: [flaw(0, [], found)] };
  const flawAt: FlawAt = (path, message) => flaw(offsetOf(document, path), path, message);
  // Told alone: what else is wrong is so, as a rule, only because of them.
  const left = blanksIn(found.value, []).map(([path, text]) => flawAt(path, `still to be filled in: ${text}`));
  if (left.length > 0) return { ok: false, flaws: left };
  const parsed = schema.safeParse(found.value);
  if (parsed.success) return { ok: true, value: parsed.data, flawAt };
  return { ok: false, flaws: parsed.error.issues.flatMap((issue) => flawsOf(issue, found.value, flawAt)) };
}

/** A document whose aliases multiply is refused as it is unfolded. */
function plain(document: Document): { readonly value: unknown } | string {
  try {
    return { value: document.toJS() };
  } catch (cause) {
    if (cause instanceof ReferenceError) return cause.message;
    throw cause;
  }
}

/** What a draft leaves to be filled in: `<…>`, which some schema would take for a text. */
function blanksIn(value: unknown, path: readonly PropertyKey[]): [readonly PropertyKey[], string][] {
  if (typeof value === 'string') return /^<.*>$/.test(value) ? [[path, value]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => blanksIn(each, [...path, key]));
}

function flawsOf(issue: z.core.$ZodIssue, found: unknown, flawAt: FlawAt): Flaw[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => flawAt([...issue.path, key], 'no such key: correct its spelling or remove it'));
  const value = valueAt(found, issue.path);
  if (value === undefined) return [flawAt(issue.path, 'missing')];
  if (issue.code === 'invalid_union') return [flawAt(issue.path, 'has none of the forms that it may have')];
  return [flawAt(issue.path, issue.message)];
}

function valueAt(found: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    found,
  );
}

/** Where the path leads: a value's own place, or its key's where the value goes over several lines; else as near as it goes. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : undefined) === String(step));
      if (pair === undefined || !isScalar(pair.key)) break;
      node = pair.value;
      offset = (isScalar(node) && node.value !== null ? node.range?.[0] : pair.key.range?.[0]) ?? offset;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (isScalar(node) || isMap(node) || isSeq(node)) offset = node.range?.[0] ?? offset;
      else break;
    } else break;
  }
  return offset;
}
