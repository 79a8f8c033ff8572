// A party says in its newest entry that it is of another kind: to the others it is one that cannot be written to, and
// nothing of theirs waits for that.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { progress, type DirectoryEntry } from '@anonymesh/protocol';
import { readDirectory, signEntry } from '@anonymesh/trust';
import type { Parties } from '../../../tests/mesh/make-parties.js';
import { until } from '../../../tests/mesh/until.js';
import { effectsOf, startRealMesh, writeDown, type RealMesh } from './fixtures/real-mesh.js';

let mesh: RealMesh;
beforeAll(async () => {
  mesh = await startRealMesh(undefined, undefined, turned);
}, 60_000);
afterAll(() => mesh.stop());

/** The directory of a reader that never knew the requester as one. */
async function turned(parties: Parties) {
  const { directoryFile, operator, all } = parties;
  const index = all.findIndex(({ id }) => id === 'immigration');
  const [, payload = ''] = directoryFile.entries[index]?.split('.') ?? [];
  const entry = JSON.parse(Buffer.from(payload, 'base64url').toString()) as DirectoryEntry;
  const entries = [...directoryFile.entries];
  entries[index] = await signEntry({ ...entry, serial: 2, kind: 'holder' }, parties.party('immigration').identity);
  const read = readDirectory({ ...directoryFile, entries }, operator.text);
  if (read === undefined) throw new Error('the directory cannot be read');
  return read.directory;
}

const queryId = 'ab'.repeat(16);

describe('what goes to a party that has become of another kind', () => {
  it('is told in the log, and its cause is settled, with its effect', async () => {
    const node = await mesh.node('coordinator', mesh.place('coordinator'), [
      progress,
      async (letter, work) => {
        await writeDown(letter, work);
        work.post(progress, { to: 'immigration', queryId, body: { answered: 1 } });
      },
    ]);
    const sender = await mesh.courier('aggregator');
    await sender.send(progress, { to: 'coordinator', queryId, body: { answered: 1 } });
    await until('it is settled', async () => (await mesh.waiting('coordinator')) === 0);
    expect(await effectsOf(node)).toHaveLength(1);
    expect(node.log.join()).toMatch(/"to":"immigration","event":"message\.not-sealed"/);
    expect(await mesh.arrived('immigration')).toBe(0);
    await node.courier.hasRoom(progress, 'immigration');
    await Promise.all([sender.close(), node.close()]);
  });

  it('does not leave either where its sender is of a kind that must not send it', async () => {
    const node = await mesh.node('hmrc', mesh.place('hmrc'));
    await node.courier.transact(async (work) => {
      work.post(progress, { to: 'coordinator', queryId, body: { answered: 1 } });
    });
    expect(node.log.join()).toMatch(/"to":"coordinator","event":"message\.not-sealed"/);
    await node.close();
  });
});
