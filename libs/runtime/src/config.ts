// The one config file of an app, given by `--config`: read once, checked against the app's schema, frozen, and passed
// down. All faults are told at once, and nothing starts with any.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { type ConfigFault, faultsOf, type Place, type PlaceOf, printFaults } from './config-fault.js';
import { withPathsFrom } from './config-path.js';

export type ConfigReading<Config> =
  | { readonly ok: true; readonly file: string; readonly config: Readonly<Config> }
  | { readonly ok: false; readonly file: string; readonly faults: readonly ConfigFault[] };

/** The frozen config of the file that `argv` names; if there are faults, prints them all and exits with code 2. */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  argv: readonly string[] = process.argv,
): Readonly<z.output<Schema>> {
  const reading = checkConfig(schema, argv);
  if (reading.ok) return reading.config;
  process.stderr.write(printFaults(reading.file, reading.faults));
  process.exit(2);
}

/** As `readConfig`, but returns the faults. Objects of the schema must be strict: an unknown key is a fault. */
export function checkConfig<Schema extends z.ZodType>(
  schema: Schema,
  argv: readonly string[],
): ConfigReading<z.output<Schema>> {
  requireStrict(schema);
  const file = fileFrom(argv);
  if (file === undefined) return refuse('--config', { key: '', fault: 'missing', fix: 'start with --config FILE' });
  const found = readYaml(file);
  if (!found.ok) return refuse(file, ...found.faults);
  const parsed = withPathsFrom(dirname(resolve(file)), () => schema.safeParse(found.value));
  if (!parsed.success) return refuse(file, ...faultsOf(parsed.error, found.value, found.placeOf));
  return { ok: true, file, config: freeze(parsed.data) };
}

function refuse(file: string, ...faults: ConfigFault[]) {
  return { ok: false, file, faults } as const;
}

/** The file that the command line names. */
export function fileFrom(argv: readonly string[]): string | undefined {
  const { values } = parseArgs({
    args: argv.slice(2),
    options: { config: { type: 'string' } },
    strict: false,
  });
  return typeof values.config === 'string' && values.config !== '' ? values.config : undefined;
}

type Found = { ok: true; value: unknown; placeOf: PlaceOf } | { ok: false; faults: ConfigFault[] };

function readYaml(file: string): Found {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return { ok: false, faults: [{ key: '', fault: `cannot be read (${code})`, fix: 'check the path and its mode' }] };
  }
  const lineCounter = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // Pretty errors would quote the line, and with it perhaps a secret.
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  if (document.errors.length === 0)
    return { ok: true, value: document.toJS(), placeOf: (path) => placeAt(offsetIn(document, path)) };
  const faults = document.errors.map(({ code, pos }) => ({
    at: placeAt(pos[0]),
    key: '',
    fault: `not YAML (${code})`,
    fix: 'correct the line',
  }));
  return { ok: false, faults };
}

function offsetIn(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

// A plain z.object drops unknown keys silently, and a misspelt limit would be no limit: such a schema is our own fault.
function requireStrict(schema: z.ZodType): void {
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, path }) => {
      if (zodSchema._zod.def.type !== 'object') return;
      const { catchall } = zodSchema._zod.def as z.core.$ZodObjectDef;
      if (catchall?._zod.def.type !== 'never') throw new TypeError(`config schema is not strict at ${path.join('.')}`);
    },
  });
}

function freeze<Value>(value: Value): Value {
  const plain = Array.isArray(value) || Object.getPrototypeOf(Object(value)) === Object.prototype;
  if (typeof value !== 'object' || value === null || !plain) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
