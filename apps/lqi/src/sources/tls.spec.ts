import '../../../../tests/servers/run-from-source.js';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createServer } from 'node:tls';
import { afterAll, describe, expect, it } from '@jest/globals';
import { certificatesCheck, lookAt, openDatabaseTls, type TlsFiles } from '@anonymesh/runtime';
import { openStore } from '@anonymesh/store';
import { openCertificates, type Files } from '../../../../tests/mesh/certificates.js';
import type { Pems } from '../../../../tests/servers/hand-over.js';
import { startMariaDb } from '../../../../tests/servers/mariadb.js';
import { startMongo } from '../../../../tests/servers/mongo.js';
import { startPostgres } from '../../../../tests/servers/postgres.js';
import { connectionOf } from './connection-of.js';
import { openMongodb } from './mongodb.js';
import { openMysql } from './mysql.js';
import { openPostgres } from './postgres.js';
import type { Source, Statement } from './source.js';

const certificates = await openCertificates();
const server = await certificates.make('server', { role: 'server', hosts: ['localhost'] });
const client = await certificates.make('client', { role: 'client' });
const mail = await certificates.make('mail', { role: 'server', hosts: ['mail.example.org'] });
const pemsOf = ({ ca, certificate, key }: Files) => ({
  ca: readFileSync(ca, 'utf8'),
  certificate: readFileSync(certificate, 'utf8'),
  key: readFileSync(key, 'utf8'),
});
const pems = pemsOf(server);

interface Secured {
  readonly url: string;
  /** The same server under a name that its certificate does not have, or another one with such a certificate. */
  readonly elsewhere: string;
  readonly ask: Statement;
  readonly open: (url: string, tls?: TlsFiles) => Source;
  readonly stop: () => Promise<void>;
}

const select = (dialect: 'postgresql' | 'mysql'): Statement => ({ kind: 'sql', dialect, text: 'select 1 as answer' });
const postgres = await startPostgres({ tls: pems });
const maria = await startMariaDb(pems);
const mariaOfMail = await startMariaDb(pemsOf(mail));
const mongo = await startMongoWithTls(pems);

/** What stands in for MongoDB speaks no TLS itself: a real TLS server before it does. */
async function startMongoWithTls(tls: Pems): Promise<Secured | undefined> {
  const plain = await startMongo();
  if (plain === undefined) return undefined;
  const { hostname, port } = new URL(plain.url);
  const before = createServer({ ca: tls.ca, cert: tls.certificate, key: tls.key, requestCert: true }, (socket) => {
    const behind = connect({ host: hostname, port: Number(port) });
    socket.pipe(behind).pipe(socket);
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(before, 'listening');
  return {
    url: `mongodb://localhost:${(before.address() as AddressInfo).port}/?directConnection=true`,
    elsewhere: `mongodb://127.0.0.1:${(before.address() as AddressInfo).port}/?directConnection=true`,
    ask: { kind: 'pipeline', collection: 'people', stages: [{ $limit: 1 }] },
    open: (url, tls) => openMongodb(url, 'records', tls),
    stop: async () => {
      before.close();
      await plain.stop();
    },
  };
}

const named = (url: string) => url.replace('127.0.0.1', 'localhost');
const backEnds: [string, Secured | undefined][] = [
  [
    'PostgreSQL',
    {
      url: named(postgres.url),
      elsewhere: postgres.url,
      ask: select('postgresql'),
      open: openPostgres,
      stop: () => postgres.stop(),
    },
  ],
  [
    'MariaDB',
    maria && {
      url: named(maria.url),
      elsewhere: named(mariaOfMail?.url ?? ''),
      ask: select('mysql'),
      open: openMysql,
      stop: () => maria.stop(),
    },
  ],
  ['MongoDB', mongo],
];
afterAll(async () => {
  await Promise.all([mariaOfMail?.stop(), ...backEnds.map(([, each]) => each?.stop())]);
  certificates.remove();
}, 30_000);

async function answers({ open, ask }: Secured, url: string, tls?: TlsFiles): Promise<string> {
  const source = open(url, tls);
  try {
    return await source.run(ask, {}, { rows: 5, milliseconds: 3000 }).then(
      () => 'answers',
      (fault: unknown) => (fault as { code: string }).code,
    );
  } finally {
    await source.close();
  }
}

describe.each(backEnds)('records in %s over TLS', (name, secured) => {
  if (secured === undefined) {
    it.skip('cannot be asked: the server is not installed', () => undefined);
    return;
  }
  const { url, open, ask } = secured;

  it('are read with a certificate, and not without TLS', async () => {
    expect(await answers(secured, url, client)).toBe('answers');
    expect(await answers(secured, url)).toBe('unavailable');
  }, 30_000);

  it('are not asked of a server of another authority, nor of another machine', async () => {
    const foreign = await certificates.make('foreign', { role: 'client', accepts: certificates.other });
    expect(await answers(secured, url, { ca: foreign.ca, certificate: client.certificate, key: client.key })).toBe(
      'unavailable',
    );
    expect(await answers(secured, secured.elsewhere, client)).toBe('unavailable');
  }, 30_000);

  if (name === 'MariaDB') {
    it('are not asked for by an address, which its client would not compare', () => {
      expect(() => open(url.replace('localhost', '127.0.0.1'), client)).toThrow('names the machine');
    });
  } else {
    it('are not told to who brings no certificate, or one of another authority', async () => {
      const foreign = await certificates.make('stranger', { role: 'client' }, certificates.other);
      expect(await answers(secured, url, { ca: client.ca })).toBe('unavailable');
      expect(await answers(secured, url, foreign)).toBe('unavailable');
    }, 30_000);
  }

  it('are asked for by settings of the config alone, not of the connection string', () => {
    const settings = name === 'MongoDB' ? '&tlsAllowInvalidCertificates=true' : '?sslmode=disable';
    expect(() => open(url + settings, client)).toThrow('the connection string has settings of TLS');
  });

  it('are read on with a renewed certificate', async () => {
    const files = await certificates.make('renewing', { role: 'client', until: 1 });
    const source = open(url, files);
    try {
      await source.run(ask, {}, { rows: 5, milliseconds: 3000 });
      writeFileSync(files.certificate, readFileSync(client.certificate));
      writeFileSync(files.key, readFileSync(client.key));
      await wait(1100);
      await source.run(ask, {}, { rows: 5, milliseconds: 3000 });
    } finally {
      await source.close();
    }
  }, 30_000);
});

type Kind = 'postgres' | 'mysql' | 'mongodb';

async function look(kind: Kind, url: string, files: Files) {
  const file = certificates.path('records.url');
  writeFileSync(file, url);
  const source = { url: file, tls: files };
  const connections = connectionOf(kind === 'mongodb' ? { kind, database: 'records', ...source } : { kind, ...source });
  return lookAt(certificatesCheck({ party: 'hmrc', ...connections }));
}

describe('the certificate that the server of the records shows', () => {
  const servers: [Kind, (tls: Pems) => Promise<{ url: string; stop: () => Promise<void> } | undefined>][] = [
    ['postgres', (tls) => startPostgres({ tls })],
    ['mysql', startMariaDb],
    ['mongodb', startMongoWithTls],
  ];
  it.each(servers)(
    'is watched where it is %s, for others renew it',
    async (kind, start) => {
      const making = { role: 'server', hosts: ['localhost'], until: 20.5 } as const;
      const [good, soon] = [await start(pems), await start(pemsOf(await certificates.make('soon', making)))];
      if (good === undefined || soon === undefined) return; // not installed: said above
      try {
        expect(await look(kind, named(good.url), client)).toMatchObject({ state: 'well' });
        const found = await look(kind, named(soon.url), client);
        expect(found).toMatchObject({ state: 'attention', code: 'server-certificate-ends-soon' });
        expect(found.reason).toMatch(/^The certificate that the holder’s database shows runs out on .*, in 20 days\.$/);
      } finally {
        await Promise.all([good.stop(), soon.stop()]);
      }
    },
    60_000,
  );

  it.each(['postgres', 'mysql', 'mongodb'] as const)('is left to other checks where there is no %s', async (kind) => {
    expect(await look(kind, `${kind}://lqi@localhost:9/records`, client)).toMatchObject({ state: 'well' });
  });

  it('is asked of MariaDB without being shut out, however often', async () => {
    if (maria === undefined) return;
    const asked = Array.from({ length: 120 }, () => look('mysql', named(maria.url), client));
    expect(new Set((await Promise.all(asked)).map(({ state }) => state))).toEqual(new Set(['well']));
  }, 30_000);
});

describe('an app’s own store in PostgreSQL', () => {
  const opened = async (files: TlsFiles, url: string) => {
    const store = await openStore({ kind: 'postgres', url, tls: openDatabaseTls(url, files) });
    await store.close();
  };

  it('is opened over TLS', () => opened(client, named(postgres.url)));

  it('is not opened where the server is not whom it should be', async () => {
    const { ca } = await certificates.make('wrong', { role: 'client', accepts: certificates.other });
    await expect(opened({ ...client, ca }, named(postgres.url))).rejects.toThrow('cannot be opened');
    await expect(opened(client, postgres.url)).rejects.toThrow('cannot be opened');
  });
});
