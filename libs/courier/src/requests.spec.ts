import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Refusal, slip, type Message } from '@anonymesh/protocol';
import { headers, type Msg } from '@nats-io/transport-node';
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Courier } from './courier.js';
import { startRealMesh, type Handle, type RealMesh, type RealNode } from './fixtures/real-mesh.js';
import { largestParcel } from './parcel.js';

let mesh: RealMesh;
let portal: Courier;
beforeAll(async () => {
  mesh = await startRealMesh();
  portal = await mesh.courier('appeal-portal');
}, 60_000);
afterAll(async () => {
  await portal.close();
  await mesh.stop();
});

const lookupId = randomBytes(16).toString('base64url');
const letter = { to: 'coordinator', body: { lookupId } };
const found = { manifest: 'e30.e30.AA', slip: 'e30.AA.AA.AA.AA' };

async function withCoordinator(
  handle: Handle,
  ask: (node: RealNode) => Promise<void>,
  request: Message = slip,
): Promise<void> {
  const node = await mesh.node('coordinator', mesh.place(randomBytes(6).toString('hex')), [request, handle]);
  try {
    await ask(node);
  } finally {
    await node.close();
  }
}

describe('a request', () => {
  it('is answered with what was asked for', async () => {
    const asked: unknown[] = [];
    const handle: Handle = async ({ body, from }) => {
      asked.push(body, from.id);
      return found;
    };
    await withCoordinator(handle, async () => {
      expect(await portal.request(slip, letter)).toEqual({ accepted: found });
      expect(asked).toEqual([{ lookupId }, 'appeal-portal']);
    });
  });

  it('is answered with as much as the largest parcel holds', async () => {
    const wide: Message<{ lookupId: string }, string> = { ...slip, reply: z.string() };
    // Encoded twice, as a signed letter and as a sealed one, each with some hundred bytes beside it.
    const much = 'A'.repeat((largestParcel * 9) / 16 - 1024);
    await withCoordinator(
      async () => much,
      async () => expect(await portal.request(wide, letter)).toEqual({ accepted: much }),
      wide,
    );
  });

  it('is answered with the code of a refusal', async () => {
    const refuse: Handle = async () => {
      throw new Refusal('not-found');
    };
    await withCoordinator(refuse, async (node) => {
      expect(await portal.request(slip, letter)).toEqual({ refused: 'not-found' });
      expect(await node.refused('not-found')).toBe(1);
    });
  });

  it('meets a fault as unavailable, which says nothing of it', async () => {
    const fail: Handle = async () => {
      throw new Error('AB123456C is not in table people');
    };
    await withCoordinator(fail, async (node) => {
      expect(await portal.request(slip, letter)).toEqual({ refused: 'unavailable' });
      expect(node.log.join()).toContain('message.failed');
      expect(node.log.join()).not.toContain('AB123456C');
    });
  });

  it('that is answered with what its schema does not have is unavailable', async () => {
    await withCoordinator(
      async () => ({ ...found, niNumber: 'AB123456C' }),
      async () => {
        expect(await portal.request(slip, letter, 1000)).toEqual({ refused: 'unavailable' });
      },
    );
  });

  it('is unavailable where nobody listens, and where the answer takes too long', async () => {
    expect(await portal.request(slip, letter, 500)).toEqual({ refused: 'unavailable' });
    const slow: Handle = async () => {
      await wait(600);
      return found;
    };
    await withCoordinator(slow, async () => {
      expect(await portal.request(slip, letter, 200)).toEqual({ refused: 'unavailable' });
    });
  });

  it('is answered each time it is asked, and each by its own answer', async () => {
    let count = 0;
    const handle: Handle = async () => ({ ...found, manifest: `e30.e30.${'AQgw'[(count += 1) % 4]}A` });
    await withCoordinator(handle, async () => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => portal.request(slip, letter)));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(4);
      expect(count).toBe(4);
    });
  });

  it.each([
    // Parsed by the client itself, these names take some seconds, and a megabyte of them minutes.
    ['a great many names', Array.from({ length: 20_000 }, (_, index) => `n${index}: v`).join('\r\n')],
    ['names that are none', 'no name: v'],
  ])(
    'that is answered with nothing under %s is unavailable at once, and the next goes as well',
    async (_what, lines) => {
      const coordinator = await mesh.courier('coordinator');
      const bytes = Buffer.from(`NATS/1.0\r\n${lines}\r\n\r\n`);
      const callback = (_error: unknown, message: Msg) =>
        void message.respond(new Uint8Array(), { headers: Object.assign(headers(), { encode: () => bytes }) });
      coordinator.party.connection.subscribe('mesh.coordinator.slip', { callback });
      await coordinator.party.connection.flush();
      const raw = await portal.party.connection.request('mesh.coordinator.slip', new Uint8Array(), { timeout: 30_000 });
      expect([raw.data.length, [...(raw.headers ?? [])]]).toEqual([0, []]);
      expect(await portal.request(slip, letter, 30_000)).toEqual({ refused: 'unavailable' });
      await coordinator.close();
      await withCoordinator(
        async () => found,
        async () => expect(await portal.request(slip, letter)).toEqual({ accepted: found }),
      );
    },
  );

  it('goes to one of two copies', async () => {
    const asked: number[] = [];
    const handle =
      (copy: number): Handle =>
      async () => {
        asked.push(copy);
        return found;
      };
    await withCoordinator(handle(1), () =>
      withCoordinator(handle(2), async () => {
        for (let count = 0; count < 20; count += 1) await portal.request(slip, letter);
        expect(asked).toHaveLength(20);
        expect(new Set(asked).size).toBe(2);
      }),
    );
  });
});
