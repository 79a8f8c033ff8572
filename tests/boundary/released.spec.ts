// Two adjacent versions work together: parties upgrade one after the other. What the last release wrote is taken now, and
// what is written now would be taken by the last release, whose schemas were recorded with it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { declaredMessages, nameOf } from './declared-messages.js';
import { root } from './run-node.js';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

interface Recorded {
  readonly version: number;
  readonly carried: string;
  readonly travelsAs: string | null;
  readonly size: number | null;
  readonly body: unknown;
  readonly bodySchema: JsonSchema;
  readonly reply?: unknown;
  readonly replySchema?: JsonSchema;
}

const folder = join(root, 'libs/protocol/vectors');
const read = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8')) as Record<string, Recorded>;
const newest = (await readdir(join(folder, 'released')))
  .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  .at(-1);
const released = await read(join('released', newest ?? ''));
const now = await read('messages.json');
const messages = new Map(declaredMessages.map((message) => [nameOf(message), message]));
const takes = (schema: JsonSchema | undefined, value: unknown) => {
  if (schema === undefined) throw new Error('the release had none');
  return z.fromJSONSchema(schema).safeParse(value).success;
};

describe(`the messages of ${newest?.replace('.json', '')}`, () => {
  it.each(Object.entries(released))(
    '%s: is still there, travels as it did, and is taken as it was written',
    (name, old) => {
      const message = messages.get(name);
      expect(message).toMatchObject({ version: old.version, carried: old.carried });
      expect([message?.travelsAs ?? null, message?.size ?? null]).toEqual([old.travelsAs, old.size]);
      expect(message?.body.parse(old.body)).toEqual(old.body);
      if (old.reply !== undefined) expect(message?.reply?.parse(old.reply)).toEqual(old.reply);
    },
  );

  it.each(Object.entries(released))('%s: would take what is written now', (name, { bodySchema, replySchema }) => {
    expect(takes(bodySchema, now[name]?.body)).toBe(true);
    if (replySchema !== undefined) expect(takes(replySchema, now[name]?.reply)).toBe(true);
  });

  it('would not take a member more: a message that grows would be seen here', () => {
    for (const [name, { body, bodySchema }] of Object.entries(released))
      expect([name, takes(bodySchema, { ...(body as object), more: 1 })]).toEqual([name, false]);
  });
});
