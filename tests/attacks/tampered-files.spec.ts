import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { samples, applicant } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import { base64url, type DirectoryEntry, type DirectoryFile } from '@anonymesh/protocol';
import { fingerprintOf, newKey, publicBytes, readKeyFile, signAdmission, signEntry } from '@anonymesh/trust';
import { logOf, refusedBy, rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { expectHonestAnswers } from './attacked.js';

let mesh: TestMesh;

beforeAll(async () => {
  mesh = await startTestMesh();
}, 90_000);
afterAll(() => mesh?.end());

const [, clear = applicant] = samples;

/** Runs a party with a file of its own changed, and puts it back. */
async function withFile(
  id: string,
  file: string,
  change: (text: string) => Promise<string> | string,
  meanwhile: () => Promise<void>,
) {
  const text = await readFile(file, 'utf8');
  const changed = await change(text);
  expect(changed).not.toBe(text);
  await restartWith(changed);
  try {
    await meanwhile();
  } finally {
    await restartWith(text);
  }

  async function restartWith(content: string): Promise<void> {
    await mesh.child(id).kill();
    await writeFile(file, content);
    await mesh.restart(id);
  }
}

async function expectHolderRefuses(holder: string, code: string): Promise<void> {
  const { queryId } = await mesh.ask(clear);
  expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'refer', code: 'holder-refused', answered: 2 });
  expect(await refusedBy(mesh, holder, code)).toBe(1);
}

describe('a holder', () => {
  it('whose template is not the agreed one does not run it', async () => {
    const file = join(placesOf(mesh.dir, 'council').templates, 'council.sqlite.yaml');
    const change = (text: string) => text.replace('-12 months', '-13 months');
    await withFile('council', file, change, () => expectHolderRefuses('council', 'template-not-pinned'));
  }, 60_000);

  it('whose template only one person has signed does not run it', async () => {
    const file = join(placesOf(mesh.dir, 'council').templates, 'council.sqlite.signatures.json');
    const change = (text: string) => JSON.stringify((JSON.parse(text) as unknown[]).slice(0, 1));
    await withFile('council', file, change, () => expectHolderRefuses('council', 'template-not-pinned'));
  }, 60_000);

  /** It goes by what it verified before, from its own files or by others' notices, and believes nothing of the rest. */
  const expectUnmoved = async () => {
    const { queryId } = await mesh.ask(clear);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: clear.outcome, answered: 3 });
  };

  it('in whose files a signature is missing, or is another party’s, goes on by the one that it has verified', async () => {
    const file = join(placesOf(mesh.dir, 'dwp').agreements, 'right-to-remain.signatures.json');
    const without = (text: string) => JSON.stringify({ ...(JSON.parse(text) as object), hmrc: undefined });
    await withFile('dwp', file, without, expectUnmoved);
    const swapped = (text: string) => {
      const signatures = JSON.parse(text) as Record<string, string>;
      return JSON.stringify({ ...signatures, hmrc: signatures['council'] });
    };
    await withFile('dwp', file, swapped, expectUnmoved);
  }, 60_000);

  it('whose agreement was changed by hand has one more that nobody has signed, and goes by the one that all have', async () => {
    const file = join(placesOf(mesh.dir, 'dwp').agreements, 'right-to-remain.yaml');
    const change = (text: string) => text.replace('retentionDays: 30', 'retentionDays: 300');
    await withFile('dwp', file, change, async () => {
      await expectUnmoved();
      const [{ words } = {}] = rowsOf(
        mesh.dir,
        'dwp',
        `select count(*) as words from agreement_signatures join agreements on hash = agreement where content like '%"retentionDays":300,%'`,
      );
      expect(words).toBe(0);
    });
  }, 60_000);
});

describe('an operator that puts its own keys in place of a holder’s', () => {
  /** The directory with an entry for DWP that holds the operator's keys; it can admit anybody, DWP's identity aside. */
  const swap = async (text: string, vouchedBy: 'itself' | 'nobody'): Promise<string> => {
    const file = JSON.parse(text) as DirectoryFile;
    const operator = readKeyFile(placesOf(mesh.dir, 'coordinator').key('operator'), 'Ed25519');
    const [identity, sealing] = [newKey('Ed25519'), newKey('X25519')];
    const read = (jws: string) => JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as object;
    const entries = await Promise.all(
      file.entries.map(async (jws) => {
        const entry = read(jws) as DirectoryEntry;
        if (entry.id !== 'dwp') return jws;
        const published = { ...entry.sealing[0], kid: sealing.kid, key: base64url(publicBytes(sealing)) };
        const own = { ...entry, serial: 2, sealing: [published] } as DirectoryEntry;
        const named = vouchedBy === 'itself' ? { ...own, identity: base64url(publicBytes(identity)) } : own;
        return signEntry(named, identity);
      }),
    );
    const admission = read(file.admission) as Parameters<typeof signAdmission>[0];
    const fingerprint = fingerprintOf(base64url(publicBytes(identity)));
    const admitted = admission.admitted.map((party) =>
      party.id === 'dwp' && vouchedBy === 'itself' ? { ...party, identity: fingerprint } : party,
    );
    return JSON.stringify({
      admission: await signAdmission({ ...admission, serial: serial() + 1, admitted }, operator),
      entries,
    });
  };
  // A node goes back to no older directory: what puts things right is a newer one.
  let newest = 1;
  const serial = () => newest++;
  const putRight = async (id: string) => {
    const { directory } = placesOf(mesh.dir, id);
    const file = JSON.parse(await readFile(directory, 'utf8')) as DirectoryFile;
    const operator = readKeyFile(placesOf(mesh.dir, 'coordinator').key('operator'), 'Ed25519');
    const admission = JSON.parse(Buffer.from(file.admission.split('.')[1] ?? '', 'base64url').toString());
    await writeFile(
      directory,
      JSON.stringify({ ...file, admission: await signAdmission({ ...admission, serial: serial() + 1 }, operator) }),
    );
    const isTaken = async () => (await logOf(mesh, id)).some((line) => line['serial'] === newest);
    await until(`${id} has taken it`, isTaken);
  };

  it('in an entry vouched for by itself gets no question', async () => {
    const { directory } = placesOf(mesh.dir, 'immigration');
    await withFile(
      'immigration',
      directory,
      (text) => swap(text, 'itself'),
      async () => {
        await expect(mesh.ask(clear)).rejects.toThrow('404 unknown-agreement');
      },
    );
    await putRight('immigration');
  }, 60_000);

  it('in an entry vouched for by nobody changes nothing: a node goes on with the entry that it knows', async () => {
    const { directory } = placesOf(mesh.dir, 'immigration');
    await withFile(
      'immigration',
      directory,
      (text) => swap(text, 'nobody'),
      () => expectHonestAnswers(mesh),
    );
    await putRight('immigration');
  }, 60_000);

  it('gets no answer from another holder either', async () => {
    const { directory } = placesOf(mesh.dir, 'hmrc');
    await withFile(
      'hmrc',
      directory,
      (text) => swap(text, 'itself'),
      () => expectHolderRefuses('hmrc', 'agreement-not-signed'),
    );
    await putRight('hmrc');
  }, 60_000);

  it('leaves honest people their answers once the files are right again', async () => {
    await expectHonestAnswers(mesh);
  });
});
