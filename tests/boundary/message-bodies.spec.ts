// The vectors of libs/protocol/vectors against the schemas: what each message may say, and what no message may.
import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { declaredMessages, nameOf } from './declared-messages.js';
import { root } from './run-node.js';

interface Vector {
  readonly body: unknown;
  readonly bad: readonly Bad[];
  readonly reply?: unknown;
  readonly badReplies?: readonly Bad[];
}
type Bad = { readonly wrong: string; readonly body: unknown };

const file = join(root, 'libs/protocol/vectors/messages.json');
const vectors = JSON.parse(await readFile(file, 'utf8')) as Record<string, Vector>;

const messages = new Map(declaredMessages.map((message) => [nameOf(message), message]));

describe('the vectors', () => {
  it('have every declared message', () => {
    expect(Object.keys(vectors).sort()).toEqual([...messages.keys()].sort());
    expect(messages.size).toBe(declaredMessages.length);
  });
});

for (const [name, { body, bad, reply, badReplies = [] }] of Object.entries(vectors)) {
  const message = messages.get(name);

  describe(name, () => {
    it('may say this', () => {
      expect(message?.body.parse(body)).toEqual(body);
    });

    for (const { wrong, body: said } of bad) {
      it(`may not say: ${wrong}`, () => {
        expect(message?.body.safeParse(said).success).toBe(false);
      });
    }

    it('is answered like this, where it asks for an answer', () => {
      expect(message?.reply === undefined).toBe(reply === undefined);
      expect(message?.reply?.parse(reply)).toEqual(reply);
    });

    for (const { wrong, body: said } of badReplies) {
      it(`may not be answered with: ${wrong}`, () => {
        expect(message?.reply?.safeParse(said).success).toBe(false);
      });
    }
  });
}
