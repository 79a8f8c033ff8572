// Certificates in a mesh that runs: renewed by the commands of docs/operations.md while everybody stays connected, one
// authority followed by the next with both accepted; and those that nobody renewed, own ones and the broker's, which each
// party is told of.
import { copyFile, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { samples } from '@anonymesh/examples';
import { brokerPlaces, placesOf } from '@anonymesh/founding';
import { openCertificates, type CertificateFolder } from '../mesh/certificates.js';
import { logOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { runBlock } from './commands-of.js';
import { openConsole, type Console } from './console-of.js';
import { examine } from './examine.js';
import { scrape } from './exported-metrics.js';
import { readinessOf } from './readiness-of.js';
import { openStatusPages, type StatusPages } from './status-pages.js';

let mesh: TestMesh;
let pages: StatusPages;
let made: CertificateFolder;
let staff: Console;
let aside: string;
beforeAll(async () => {
  pages = await openStatusPages();
  mesh = await startTestMesh({ prepare: pages.prepare });
  made = await openCertificates();
  staff = await openConsole(mesh, 'hmrc');
  aside = await mkdtemp(join(tmpdir(), 'anonymesh-renewed-'));
}, 90_000);
afterAll(async () => {
  made?.remove();
  await mesh?.end();
  await rm(aside, { recursive: true, force: true });
}, 30_000);

const broker = () => brokerPlaces(mesh.dir);
const authority = async () => ({
  certificate: await readFile(broker().caNewest, 'utf8'),
  key: await readFile(broker().caKey, 'utf8'),
});

/** The broker reads its files anew, as `nats-server --signal reload` has it. */
const reload = () => process.kill(Number(mesh.child('broker').pid), 'SIGHUP');

/** By the page's command, which knows the certificate under the name of its party. */
async function renew(certificate: string): Promise<void> {
  await copyFile(certificate, join(aside, 'hmrc.pem'));
  await runBlock('renew', { CA: broker().home, ISSUED: aside });
  await rename(join(aside, 'hmrc.pem'), certificate);
}

/** The outcomes of everybody whom the records know, for as long as something is done. */
async function askMeanwhile(work: () => Promise<void>): Promise<void> {
  let done = false;
  const asking = (async () => {
    const asked = [];
    for (let index = 0; !done || index < 2; index++) {
      const person = samples[index % samples.length];
      if (person !== undefined) asked.push({ person, ...(await mesh.ask(person)) });
    }
    return asked;
  })();
  await work().finally(() => (done = true));
  for (const { person, queryId } of await asking)
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: person.outcome, code: 'all-answered' });
}

const loggedAt = async (id: string, found: string) => (await logOf(mesh, id)).some((line) => line['found'] === found);
const daysLeft = async (id: string, role: string) =>
  (await scrape(mesh.monitoring(id))).find(
    ({ name, labels }) => name === 'anonymesh_certificate_days_left' && labels['role'] === role,
  )?.value;

describe('certificates that are renewed while queries are under way', () => {
  it('of the broker and of a party are taken up, and nobody is disconnected', async () => {
    const before = await pages.partiesOf(mesh);
    await askMeanwhile(async () => {
      await renew(placesOf(mesh.dir, 'hmrc').tls.certificate);
      await renew(broker().certificate);
      reload();
    });
    expect(await pages.partiesOf(mesh)).toEqual(before);
    await until('the broker shows the new one', async () => (await daysLeft('dwp', 'broker-server')) === 89);
    expect(await daysLeft('hmrc', 'broker')).toBe(89);
  }, 90_000);

  it('are of the next authority, one after the other, while both are accepted', async () => {
    const before = await pages.partiesOf(mesh);
    await askMeanwhile(async () => {
      await runBlock('next-authority', { CA: broker().home });
      for (const { id } of mesh.parties) await copyFile(broker().ca, placesOf(mesh.dir, id).tls.ca);
      reload();
      await renew(broker().certificate);
      await renew(broker().provisioning.certificate);
      reload();
      for (const id of ['hmrc', 'immigration']) await renew(placesOf(mesh.dir, id).tls.certificate);
    });
    expect(await pages.partiesOf(mesh)).toEqual(before);
    // All shake hands anew: with a broker of the new authority, some by a certificate of the old one.
    await askMeanwhile(() => mesh.restart('broker'));
    for (const [id, cid] of Object.entries(await pages.partiesOf(mesh)))
      expect([id, typeof cid]).toEqual([id, 'number']);
    for (const id of ['hmrc', 'dwp']) {
      const { found } = await examine(placesOf(mesh.dir, id).config);
      expect([found('broker')?.state, found('certificates')?.state]).toEqual(['well', 'well']);
    }
  }, 120_000);
});

describe('the broker’s certificate, which nobody renewed', () => {
  async function showOne(daysFromNow: number): Promise<void> {
    const making = { role: 'server', hosts: ['127.0.0.1', 'localhost'], from: -9, until: daysFromNow } as const;
    const { certificate, key } = await made.make('broker', making, await authority());
    await rename(key, broker().key);
    await rename(certificate, broker().certificate);
    reload();
  }

  it('is told to every party before it runs out: by doctor, in log and console, and as a metric', async () => {
    await showOne(5.5);
    const warning = { state: 'attention', code: 'server-certificate-ends-within-days' };
    const told = await until('the console has it', async () => {
      const found = await staff.told('certificates');
      return found.code === warning.code && found;
    });
    expect(told).toMatchObject({ ...warning, todo: expect.stringMatching(/Tell the mesh’s operator to renew it/) });
    for (const { id } of mesh.parties) {
      const { found, ok } = await examine(placesOf(mesh.dir, id).config);
      expect([id, ok, found('certificates')]).toEqual([id, true, expect.objectContaining(warning)]);
      await until(`${id} logs it`, () => loggedAt(id, warning.code), 60);
      expect([id, await daysLeft(id, 'broker-server')]).toEqual([id, 5]);
    }
  }, 180_000);

  it('fails the check once it has run out, while the connections that are there still hold', async () => {
    const before = await pages.partiesOf(mesh);
    await showOne(-1);
    await until(
      'the console has it',
      async () => (await staff.told('certificates')).code === 'server-certificate-expired',
    );
    expect(await readinessOf(mesh, 'hmrc')).toMatchObject({
      status: 200,
      state: 'degraded',
      failing: { certificates: 'server-certificate-expired' },
    });
    expect(await loggedAt('hmrc', 'server-certificate-expired')).toBe(true);
    expect(await pages.partiesOf(mesh)).toEqual(before);
    const { found } = await examine(placesOf(mesh.dir, 'hmrc').config);
    expect([found('broker')?.code, found('certificates')?.code]).toEqual([
      'broker-certificate-expired',
      'server-certificate-expired',
    ]);
    await showOne(90.5);
    await until('it is well again', async () => (await staff.told('certificates')).state === 'well');
  }, 90_000);
});

describe('a party’s own certificate, which nobody renewed', () => {
  it('is told in doctor, log and console once it has run out', async () => {
    const { tls, config } = placesOf(mesh.dir, 'hmrc');
    const haveOne = async (until: number) => {
      const { certificate, key } = await made.make(
        'hmrc',
        { role: 'client', party: 'hmrc', from: -9, until },
        await authority(),
      );
      await rename(key, tls.key);
      await rename(certificate, tls.certificate);
    };
    await haveOne(-1);
    const failing = { state: 'failing', code: 'certificate-expired', todo: expect.stringMatching(/mesh ca renew/) };
    expect(await staff.told('certificates')).toMatchObject(failing);
    expect(await loggedAt('hmrc', 'certificate-expired')).toBe(true);
    expect((await readinessOf(mesh, 'hmrc')).failing).toMatchObject({ certificates: 'certificate-expired' });
    const { found } = await examine(config);
    expect(found('certificates')).toMatchObject(failing);
    expect(found('broker')).toMatchObject({ state: 'failing', code: 'broker-refuses-certificate' });

    await expect(renew(tls.certificate)).rejects.toThrow('it has expired: issue one for a new request');
    await haveOne(90);
    await until('it is well again', async () => (await staff.told('certificates')).state === 'well');
  }, 60_000);
});
