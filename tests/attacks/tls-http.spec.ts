// An app's own HTTPS: it speaks nothing else on its port, takes up a renewed certificate while people are connected, and
// keeps the one that it has while its files do not fit together.
import { once } from 'node:events';
import { get } from 'node:https';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  certificatesCheck,
  checkConfig,
  lookAt,
  HealthController,
  LOG,
  METRICS,
  openApp,
  openLog,
  openMetrics,
  READINESS,
  serverTls,
  type RunningApp,
} from '@anonymesh/runtime';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import { until } from '../mesh/until.js';
import { openCertificates, type CertificateFolder, type Files } from '../mesh/certificates.js';

class LiveModule {}
const lines: string[] = [];
const log = openLog({ app: 'spec', to: { write: (line) => void lines.push(line) } });
Module({
  controllers: [HealthController],
  providers: [
    { provide: READINESS, useValue: [] },
    { provide: METRICS, useValue: openMetrics({ processMetrics: false }) },
    { provide: LOG, useValue: log },
  ],
})(LiveModule);

let certificates: CertificateFolder;
let files: Files;
let running: RunningApp;
beforeAll(async () => {
  certificates = await openCertificates();
  files = await certificates.make('app', { role: 'server', hosts: ['127.0.0.1'] });
  const { certificate, key } = files;
  running = await openApp(LiveModule, { listen: { host: '127.0.0.1', port: 0, tls: { certificate, key } }, log });
});
afterAll(async () => {
  await running.close();
  certificates.remove();
});

async function statusOf(ca: string): Promise<number | undefined> {
  const options = {
    host: '127.0.0.1',
    port: running.port,
    path: '/health/live',
    ca: readFileSync(ca),
    agent: false as const,
  };
  const [response] = (await once(get(options), 'response')) as [{ statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

async function shown(): Promise<{ serial: string; socket: TLSSocket }> {
  const socket = connect({ host: '127.0.0.1', port: running.port, ca: readFileSync(files.ca) });
  await once(socket, 'secureConnect');
  return { serial: socket.getPeerCertificate().serialNumber, socket };
}

describe('an app with a certificate of its own', () => {
  it('answers over TLS, to who knows its authority', async () => {
    expect(await statusOf(files.ca)).toBe(200);
    const other = await certificates.make('other', { role: 'server', accepts: certificates.other });
    await expect(statusOf(other.ca)).rejects.toThrow(/certificate/);
  });

  it('says nothing to who speaks plain HTTP', async () => {
    await expect(fetch(`http://127.0.0.1:${running.port}/health/live`)).rejects.toThrow();
  });

  it('takes up a renewed certificate for new connections, and keeps those that are there', async () => {
    const before = await shown();
    const torn = readFileSync(files.certificate, 'utf8').slice(0, 300);
    writeFileSync(files.certificate, torn);
    await until('it is told', () => lines.some((line) => line.includes('"tls.not-renewed"')));
    expect(await statusOf(files.ca)).toBe(200);
    await certificates.make('app', { role: 'server', hosts: ['127.0.0.1'] });
    await until('it is renewed', () => lines.some((line) => line.includes('"tls.renewed"')));
    const after = await shown();
    expect(after.serial).not.toBe(before.serial);
    before.socket.write('GET /health/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    const [answer] = (await once(before.socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
    after.socket.destroy();
    await wait(10);
  }, 30_000);

  it('is told where the certificate is not for the name by which people call it', async () => {
    const { certificate, key } = await certificates.make('named', {
      role: 'server',
      hosts: ['*.example.org', '10.0.0.7'],
    });
    const found = async (host: string | undefined) => {
      const certified = [{ role: 'http' as const, files: { certificate, key }, host }];
      return lookAt(certificatesCheck({ party: 'hmrc', certified, plainly: [] }));
    };
    for (const host of ['checks.example.org', '10.0.0.7', undefined]) expect((await found(host)).state).toBe('well');
    for (const host of ['checks.example.net', '10.0.0.8', 'a.b.example.org']) {
      const { state, code, reason } = await found(host);
      expect([state, code, reason.includes(host)]).toEqual(['attention', 'certificate-other-name', true]);
    }
  });

  it('is not started with a key that is another’s', async () => {
    const other = await certificates.make('another', { role: 'server', hosts: ['127.0.0.1'] });
    const file = certificates.path('config.yaml');
    writeFileSync(file, JSON.stringify({ tls: { certificate: files.certificate, key: other.key } }));
    const reading = checkConfig(z.strictObject({ tls: serverTls() }), ['node', 'app', '--config', file]);
    expect(reading).toMatchObject({ ok: false, faults: [{ key: 'tls.key', fault: 'not the key of the certificate' }] });
  });
});
