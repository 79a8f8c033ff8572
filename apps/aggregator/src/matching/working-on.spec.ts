import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { retract, type SetAgreement } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { composeRetraction } from '../../../../tests/mesh/compose-retraction.js';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { holders, sets } from '../fixtures/made-children.js';
import { deliver } from '../fixtures/made-letters.js';
import { expectSet, tokensFrom } from '../fixtures/made-set.js';
import { startBroker } from '../fixtures/real-node.js';
import { openSetDesk, type SetDesk } from '../fixtures/set-desk.js';
import { takeInHand, untilOutOf, type SetInHand } from './working-on.js';

let parties: Parties;
let nats: RunningNats;
let folder: string;
let desk: SetDesk;
let signed: SignedAgreement<SetAgreement>;
beforeAll(async () => {
  parties = await makeParties({ holders });
  nats = await startBroker(parties);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-aggregator-'));
  signed = await parties.agreeOnSets();
  const place = { store: { kind: 'embedded', file: join(folder, 'store.db') }, spool: join(folder, 'spool') } as const;
  desk = await openSetDesk(parties, nats, { ...place, agreements: [signed] });
}, 60_000);
afterAll(async () => {
  await desk.close();
  await nats.stop();
  await rm(folder, { recursive: true });
});

/** A set whose tokens have all come: it is to be combined. */
async function combining() {
  const made = await expectSet(parties, signed);
  await desk.take(made.letter);
  for (const holder of holders) await desk.take(...(await tokensFrom(made, holder, sets[holder] ?? [])));
  const inHand = await takeInHand(desk.node, made.queryId);
  expect(inHand?.set.stage).toBe('combining');
  const takeBack = async () => {
    const { signing } = parties.party('immigration');
    const taken = await composeRetraction(made.letter.body.manifest, { id: 'immigration', signing });
    await desk.take(await deliver(parties, retract, 'coordinator', taken));
  };
  return { inHand: inHand as SetInHand, takeBack };
}

/** Works without end, unless it is told to. */
const endless = (signal: AbortSignal) => wait(600_000, undefined, { signal });

describe('long work on a set query', () => {
  it('stops when the query is taken back meanwhile, without a fault', async () => {
    const { inHand, takeBack } = await combining();
    let begun = false;
    const working = untilOutOf(desk.node, inHand, 'combining', (signal) => {
      begun = true;
      return endless(signal);
    });
    await takeBack();
    await working;
    expect(begun).toBe(true);
    expect(desk.node.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  it('goes on while the query does, and its faults are faults', async () => {
    const { inHand } = await combining();
    await untilOutOf(desk.node, inHand, 'combining', async (signal) => {
      await wait(1200);
      expect(signal.aborted).toBe(false);
    });
    const failing = untilOutOf(desk.node, inHand, 'combining', () => Promise.reject(new Error('a full disk')));
    await expect(failing).rejects.toThrow('a full disk');
  });
});
