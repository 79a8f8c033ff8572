// Describes an app's API as an OpenAPI 3.1 document, from the very schemas that its controllers read requests with: the
// description cannot promise what the app does not check.
import { z } from 'zod';

export type Operation = {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With parameters in braces: `/api/v1/queries/{id}`. */
  readonly path: string;
  /** A unique name for generated clients. */
  readonly id: string;
  readonly summary: string;
  /** Needs no bearer token. */
  readonly open?: boolean;
  /** The parameters of the path, each a schema of a string. */
  readonly parameters?: z.ZodObject<Readonly<Record<string, z.ZodType>>>;
  readonly body?: z.ZodType;
  readonly answers: Readonly<Record<number, Answer>>;
};

export type Answer = {
  readonly description: string;
  readonly body?: z.ZodType;
  /** `application/json` unless said otherwise. */
  readonly contentType?: string;
};

export type Api = { readonly title: string; readonly version: string; readonly operations: readonly Operation[] };

type Json = { readonly [name: string]: unknown };

export function describeApi({ title, version, operations }: Api): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method] = describe(operation);
  }
  return {
    openapi: '3.1.0',
    info: { title, version },
    paths,
    components: {
      schemas: { Problem: schemaOf(problemDocument, 'output') },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function describe({ id, summary, open = false, parameters, body, answers, path }: Operation): Json {
  return {
    operationId: id,
    summary,
    security: open ? [] : [{ bearer: [] }],
    parameters: namesIn(path).map((name) => {
      const schema = parameters?.shape[name];
      if (schema === undefined) throw new TypeError(`${id}: no schema for the parameter ${name}`);
      return { name, in: 'path', required: true, schema: schemaOf(schema, 'input') };
    }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(schemaOf(body, 'input')) } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer)])),
      default: { description: 'A problem', content: { 'application/problem+json': { schema: problemReference } } },
    },
  };
}

function describeAnswer({ description, body, contentType }: Answer): Json {
  if (body === undefined && contentType === undefined) return { description };
  const schema = body === undefined ? { type: 'string' } : schemaOf(body, 'output');
  return { description, content: json(schema, contentType) };
}

function json(schema: Json, contentType = 'application/json'): Json {
  return { [contentType]: { schema } };
}

function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
}

// OpenAPI 3.1 schemas are JSON Schema 2020-12, which is named once for the whole document.
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest;
}

const problemReference = { $ref: '#/components/schemas/Problem' };

const problemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  errors: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() })).optional(),
});
