// Every agreement that differs from a given one in one place: each value another, each optional part and each element of
// a list left out. It goes by the schema, and throws where the given one lacks a part that there may be: whoever adds a
// key to agreements meets it here.
import { agreement, type Agreement } from '@anonymesh/protocol';
import { z } from 'zod';

/** `where`: such as `limits.perSubject.most: 6`. */
export type Changed = readonly [where: string, content: Agreement];

type Schema = z.core.JSONSchema.JSONSchema;
type Change = readonly [where: string, value: unknown];

export function changeEachLeaf(content: Agreement): Changed[] {
  const { oneOf = [] } = z.toJSONSchema(agreement, { unrepresentable: 'throw' });
  const shape = oneOf.map(plain).find((each) => fits(plain(each.properties?.['kind']), content.kind));
  if (shape === undefined) throw new Error(`no agreement is of kind ${content.kind}`);
  return changesOf(shape, content, '') as Changed[];
}

function changesOf(schema: Schema, value: unknown, where: string): Change[] {
  if (schema.anyOf !== undefined)
    return schema.anyOf
      .map(plain)
      .flatMap((each) => (fits(each, value) ? changesOf(each, value, where) : firstOf(each, where)));
  if (schema.enum !== undefined) return others(schema.enum, value, where);
  if (schema.const !== undefined) return [];
  if (Array.isArray(value)) return ofList(plain(schema.items), value, where);
  if (typeof value === 'object' && value !== null) return ofObject(schema, value as Record<string, unknown>, where);
  const changed = typeof value === 'number' ? value + 1 : otherText(String(value));
  return [[`${where}: ${changed}`, changed]];
}

function ofObject(schema: Schema, value: Record<string, unknown>, where: string): Change[] {
  const { properties, additionalProperties, required = [] } = schema;
  const keys = properties === undefined ? Object.keys(value) : Object.keys(properties);
  return keys.flatMap((key): Change[] => {
    const path = where === '' ? key : `${where}.${key}`;
    if (value[key] === undefined) throw new Error(`no ${path}: it may be there, and must be looked at`);
    const { [key]: part, ...rest } = value;
    const without: Change[] = required.includes(key) ? [] : [[`${path}: left out`, rest]];
    const inside = changesOf(plain(properties === undefined ? additionalProperties : properties[key]), part, path);
    return [...without, ...inside.map(([at, changed]): Change => [at, { ...value, [key]: changed }])];
  });
}

function ofList(schema: Schema, value: readonly unknown[], where: string): Change[] {
  if (value.length === 0) throw new Error(`nothing in ${where}`);
  return value.flatMap((element, index): Change[] => [
    [`${where}.${index}: left out`, value.toSpliced(index, 1)],
    ...changesOf(schema, element, `${where}.${index}`).map(([at, changed]): Change => [at, value.with(index, changed)]),
  ]);
}

/** One that there may be instead. */
function firstOf(schema: Schema, where: string): Change[] {
  if (schema.const !== undefined) return [[`${where}: ${String(schema.const)}`, schema.const]];
  return others(schema.enum ?? [], undefined, where);
}

function others(options: readonly unknown[], value: unknown, where: string): Change[] {
  return options.filter((each) => each !== value).map((each): Change => [`${where}: ${String(each)}`, each]);
}

function otherText(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `2027${text.slice(4)}`;
  return /^[\w-]{43}$/.test(text) ? `${text.startsWith('B') ? 'C' : 'B'}${text.slice(1)}` : `${text}x`;
}

function fits({ type, enum: options, const: only }: Schema, value: unknown): boolean {
  if (options !== undefined) return options.includes(value as string);
  if (only !== undefined) return only === value;
  return type === 'object' && typeof value === 'object';
}

function plain(schema: unknown): Schema {
  if (typeof schema !== 'object' || schema === null) throw new Error('no schema of an object');
  return schema as Schema;
}
