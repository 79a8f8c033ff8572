import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openLetter, relayRecheck, unseal, type RefusalCode } from '@anonymesh/protocol';
import { recheck } from '@anonymesh/protocol-asking';
import { migrate, openStore, type Store } from '@anonymesh/store';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { day, tables } from '../store/tables.js';
import { openMesh } from './mesh.js';

let parties: Parties;
let folder: string;
let store: Store;
beforeAll(async () => {
  parties = await makeParties();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-portal-'));
  store = await openStore({ kind: 'embedded', file: join(folder, 'db') });
  await migrate(store, tables);
});
afterEach(() => store.knex('wishes').delete());
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** The portal's mouth, at a broker that answers every request with this refusal and keeps what is sent. */
function speaking(refused: RefusalCode = 'unavailable') {
  const sent: { name: string; to: string; queryId?: string | undefined; body: unknown }[] = [];
  const mesh = openMesh({
    self: parties.self('appeal-portal'),
    request: async () => ({ refused }),
    store,
    transact: (effect) =>
      store.knex.transaction((transaction) =>
        effect({
          transaction,
          post: (message, { to, queryId, body }) => {
            sent.push({ name: message.name, to, queryId, body: message.body.parse(body) });
            return { words: Promise.resolve('') };
          },
          enter: () => {},
          atEnd: () => {},
          afterwards: () => {},
        }),
      ),
  });
  return { mesh, sent };
}

const queryId = '0123456789abcdef0123456789abcdef';

describe('a subject’s wish', () => {
  it('is relayed to the requester alone, who can tell that it is the portal’s and about which query', async () => {
    const { mesh, sent } = speaking();
    expect(await mesh.wish(queryId, 'immigration', parties.agreement)).toBe('sent');
    expect(sent).toMatchObject([{ name: relayRecheck.name, to: 'coordinator', queryId }]);
    const { requester, sealed } = sent[0]?.body as { requester: string; sealed: string };
    expect(requester).toBe('immigration');
    const { keyring, directory, id } = parties.self('immigration');
    const context = { message: 'recheck', query: queryId, from: 'appeal-portal', to: 'immigration' };
    const text = unseal(sealed, keyring.sealing, context);
    const now = Date.now();
    const opened = openLetter(text as Buffer, {
      messages: [recheck],
      self: { id, kind: 'requester' },
      signer: (kid) => directory.signer(kid, now),
      now,
      maxAge: 1000,
    });
    expect(opened).toMatchObject({ queryId, from: { id: 'appeal-portal' }, body: { wish: 'ask-again' } });
    expect(unseal(sealed, parties.self('coordinator').keyring.sealing, context)).toBe('unknown-key');
  });

  it('is sent once a query, however often and however fast it is repeated, until a day has passed', async () => {
    const { mesh, sent } = speaking();
    const wish = () => mesh.wish(queryId, 'immigration', parties.agreement);
    expect(await mesh.isWished(queryId)).toBe(false);
    const fates = await Promise.all(Array.from({ length: 20 }, wish));
    expect(fates.filter((fate) => fate === 'sent')).toHaveLength(1);
    expect(sent).toHaveLength(1);
    expect(await mesh.isWished(queryId)).toBe(true);
    expect(await mesh.wish('f'.repeat(32), 'immigration', parties.agreement)).toBe('sent');
    await store.knex('wishes').update({ at: Date.now() - day });
    expect(await mesh.isWished(queryId)).toBe(false);
    expect(await wish()).toBe('sent');
    expect(await wish()).toBe('already-sent');
  });

  it('is not sealed to a requester whose identity is not the pinned one', async () => {
    const { mesh, sent } = speaking();
    expect(await mesh.wish(queryId, 'immigration', { ...parties.agreement, sealingKeyOf: () => undefined })).toBe(
      'unavailable',
    );
    expect(sent).toEqual([]);
  });
});

describe('what the mesh refuses', () => {
  it.each(['not-found', 'unavailable', 'wrong-sender', 'malformed'] as const)('is told apart: %s', async (code) => {
    const { mesh } = speaking(code);
    expect(await mesh.slipUnder('A'.repeat(22), 'coordinator')).toBe(code === 'not-found' ? code : 'unavailable');
  });

  it.each(['not-decided', 'not-found'] as const)('is not decided where the aggregator says %s', async (code) => {
    expect(await speaking(code).mesh.explain(queryId, 'aggregator')).toBe('not-decided');
  });
});
