// A real NATS server that asks for certificates, and those who come with wrong ones or none; and those to whom a wrong
// server answers. Each is refused, and each reason is told in its own words.
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newAuthority } from '@anonymesh/certificates';
import {
  brokerConfig,
  connectOnce,
  connectParty,
  findBroker,
  nodeConfig,
  planBroker,
  provision,
} from '@anonymesh/courier';
import {
  addressOf,
  certificatesCheck,
  checkConfig,
  liveCredentials,
  lookAt,
  readCredentials,
  type TlsFiles,
} from '@anonymesh/runtime';
import { createUser } from '@nats-io/nkeys';
import { hops } from '../../boundaries.mjs';
import { openCertificates, type CertificateFolder, type Files } from '../mesh/certificates.js';
import { startNats, type RunningNats } from '../servers/nats.js';
import { until } from '../mesh/until.js';

const users = { hmrc: createUser(), dwp: createUser(), coordinator: createUser(), provisioning: createUser() };
const plan = planBroker({
  hops,
  members: [
    { id: 'hmrc', kind: 'holder', brokerKey: users.hmrc.getPublicKey() },
    { id: 'dwp', kind: 'holder', brokerKey: users.dwp.getPublicKey() },
    { id: 'coordinator', kind: 'coordinator', brokerKey: users.coordinator.getPublicKey() },
  ],
  provisioningKey: users.provisioning.getPublicKey(),
  maxBytes: 2 ** 24,
});

let certificates: CertificateFolder;
let good: Files;
let broker: RunningNats;
const started: RunningNats[] = [];

async function startBroker(tls: Files | undefined): Promise<RunningNats> {
  const place = { serverName: 'tls', host: '127.0.0.1', maxPayload: 2 ** 20 };
  const files = tls && { certFile: tls.certificate, keyFile: tls.key, caFile: tls.ca };
  const nats = await startNats((given) => brokerConfig(plan, { ...place, ...given, ...(files && { tls: files }) }));
  started.push(nats);
  return nats;
}

beforeAll(async () => {
  certificates = await openCertificates();
  const server = await certificates.make('broker', { role: 'server', hosts: ['127.0.0.1', 'localhost'] });
  good = await certificates.make('hmrc', { role: 'client', party: 'hmrc' });
  broker = await startBroker(server);
});
afterAll(async () => {
  await Promise.all(started.map((each) => each.stop()));
  certificates.remove();
});

type Who = keyof typeof users;

/** Whether the broker lets somebody in, who comes once. */
async function joins(nats: RunningNats, files: TlsFiles | undefined, who: Who = 'hmrc'): Promise<boolean> {
  const tls = files && readCredentials(files);
  const dialling = { servers: nats.url, seed: users[who].getSeed(), tls };
  const connected = await connectOnce({ ...dialling, id: who }).catch(() => undefined);
  await connected?.connection.close();
  return connected !== undefined;
}

const found = async (nats: RunningNats, files: TlsFiles | undefined) =>
  (await findBroker({ servers: [nats.url], tls: files && readCredentials(files) })).code;

const certificate = async (files: TlsFiles, party = 'hmrc', nats = broker) => {
  const certified = [{ role: 'broker' as const, files }];
  const servers = [{ role: 'broker' as const, speaks: 'nats' as const, address: addressOf(nats.url), files }];
  return (await lookAt(certificatesCheck({ party, certified, plainly: [], servers }))).code;
};

describe('a broker that asks for certificates', () => {
  it('lets in who brings one of its authority, and the key of its account', async () => {
    expect(await joins(broker, good)).toBe(true);
    expect(await found(broker, good)).toBe('broker-not-joined');
    expect(await certificate(good)).toBe('well');
  });

  it('is looked at, for how long its own lasts, without an error in its log', async () => {
    const before = (await broker.log()).length;
    expect(await certificate(good)).toBe('well');
    await wait(300);
    expect((await broker.log()).slice(before)).not.toMatch(/\[ERR\]|handshake|authentication/i);
  });

  it('refuses who brings none, and who does not speak TLS', async () => {
    expect(await joins(broker, { ca: good.ca })).toBe(false);
    expect(await found(broker, { ca: good.ca })).toBe('broker-refuses-certificate');
    expect(await joins(broker, undefined)).toBe(false);
    expect(await found(broker, undefined)).toBe('broker-wants-tls');
  });

  it('refuses a certificate of another authority', async () => {
    const foreign = await certificates.make('foreign', { role: 'client', party: 'hmrc' }, certificates.other);
    expect(await joins(broker, foreign)).toBe(false);
    expect(await found(broker, foreign)).toBe('broker-refuses-certificate');
  });

  it('refuses one that has run out, and one that is not valid yet, each told apart at home', async () => {
    const expired = await certificates.make('expired', { role: 'client', party: 'hmrc', from: -9, until: -1 });
    const early = await certificates.make('early', { role: 'client', party: 'hmrc', from: 2, until: 9 });
    expect([await joins(broker, expired), await joins(broker, early)]).toEqual([false, false]);
    expect(await certificate(expired)).toBe('certificate-expired');
    expect(await certificate(early)).toBe('certificate-not-yet-valid');
  });

  it('refuses a server’s certificate where it wants a client’s', async () => {
    expect(await joins(broker, await certificates.make('as-server', { role: 'server', hosts: ['127.0.0.1'] }))).toBe(
      false,
    );
  });

  it('asks for the key of the account as well: whoever has a certificate has nothing yet', async () => {
    const stranger = createUser();
    const dialling = { servers: broker.url, seed: stranger.getSeed(), tls: readCredentials(good) };
    await expect(connectOnce({ ...dialling, id: 'hmrc' })).rejects.toThrow();
  });

  // The server binds no certificate to an account (docs/decisions/0027): the nkey decides. It is found at home.
  it('does not tell a party’s certificate with another party’s key, but the node of that party does', async () => {
    expect(await joins(broker, good, 'dwp')).toBe(true);
    expect(await certificate(good, 'dwp')).toBe('certificate-of-another-party');
  });
});

describe('a party', () => {
  const cases: [string, string, Parameters<CertificateFolder['make']>[1], boolean?][] = [
    ['of another authority', 'broker-untrusted', { role: 'server', hosts: ['127.0.0.1'] }, true],
    ['that has run out', 'broker-certificate-expired', { role: 'server', hosts: ['127.0.0.1'], from: -9, until: -1 }],
    ['not yet valid', 'broker-certificate-not-yet-valid', { role: 'server', hosts: ['127.0.0.1'], from: 1, until: 9 }],
    ['of another machine', 'broker-other-name', { role: 'server', hosts: ['mail.example.org'] }],
  ];
  it.each(cases)('talks to no broker with a certificate %s', async (name, code, making, foreign = false) => {
    const files = await certificates.make(name.replaceAll(' ', '-'), making, foreign ? certificates.other : undefined);
    const wrong = await startBroker(files);
    expect(await joins(wrong, good)).toBe(false);
    expect(await found(wrong, good)).toBe(code);
  });

  it('talks to no broker that offers no TLS, where its config asks for it', async () => {
    const plain = await startBroker(undefined);
    expect(await joins(plain, good)).toBe(false);
    expect(await found(plain, good)).toBe('broker-without-tls');
  });

  it('uses a renewed certificate at the next handshake, without a restart', async () => {
    const files = await certificates.make('renewing', { role: 'client', party: 'hmrc', until: 20 });
    expect(await certificate(files)).toBe('certificate-ends-soon');
    const live = liveCredentials(files);
    const dialling = { servers: broker.url, seed: users.hmrc.getSeed(), id: 'hmrc' };
    const { connection } = await connectParty({ ...dialling, tls: live });
    const before = live.cert;
    await certificates.make('renewing', { role: 'client', party: 'hmrc' });
    await wait(1100);
    await broker.restart();
    await until('it is back', async () => (await connection.rtt().catch(() => -1)) >= 0);
    expect(live.cert).not.toBe(before);
    expect(await certificate(files)).toBe('well');
    await connection.close();
  });

  it('goes on with the last certificate that was sound, while its files are half written', async () => {
    const files = await certificates.make('torn', { role: 'client', party: 'hmrc' });
    const live = liveCredentials(files);
    const before = { ...live };
    writeFileSync(files.certificate, String(before.cert).slice(0, 200));
    await wait(1100);
    expect({ ...live }).toEqual(before);
    expect(await certificate(files)).toBe('certificate-unreadable');
    copyFileSync(good.certificate, files.certificate);
    await wait(1100);
    expect({ ...live }).toEqual(before);
    expect(await certificate(files)).toBe('certificate-key-differs');
  });

  it('is told where its certificates do not follow one another, and where no authority is valid', async () => {
    const files = await certificates.make('chain', { role: 'client', party: 'hmrc' });
    const own = readFileSync(files.certificate, 'utf8');
    writeFileSync(files.certificate, own + certificates.authority.certificate);
    expect(await certificate(files)).toBe('well');
    writeFileSync(files.certificate, own + certificates.other.certificate);
    expect(await certificate(files)).toBe('certificate-chain-broken');
    const ended = await newAuthority({ name: 'Ended', days: -1 });
    expect(await certificate(await certificates.make('ended', { role: 'client', accepts: ended }))).toBe(
      'authority-expired',
    );
  });

  it('accepts the old authority and the new one while both are in its file', async () => {
    const { authority, other } = certificates;
    const both = { ...authority, certificate: authority.certificate + other.certificate };
    const files = await certificates.make('meanwhile', { role: 'client', party: 'hmrc', accepts: both });
    const next = await certificates.make('next-broker', { role: 'server', hosts: ['127.0.0.1'], accepts: both }, other);
    const renewed = await certificates.make('renewed', { role: 'client', party: 'hmrc', accepts: both }, other);
    const after = await startBroker(next);
    expect([await joins(broker, files), await joins(after, files), await joins(after, renewed)]).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe('the config of a party', () => {
  const faults = (tls: object | undefined, servers = ['nats://broker.example.org:4222']) => {
    const seed = certificates.path('seed');
    writeFileSync(seed, users.hmrc.getSeed(), { mode: 0o600 });
    const file = certificates.path('config.yaml');
    const config = { broker: { servers, seed, ...(tls === undefined ? {} : { tls }) } };
    writeFileSync(file, JSON.stringify(config));
    const schema = nodeConfig.pick({ broker: true });
    const reading = checkConfig(schema, ['node', 'app', '--config', file]);
    return reading.ok ? [] : reading.faults.map(({ key, fault, fix }) => `${key}: ${fault} (${fix})`);
  };

  it('may leave TLS out for a broker on its own machine alone', () => {
    expect(faults(good)).toEqual([]);
    expect(faults(undefined)).toEqual([
      'broker.tls: missing, and the broker is on another machine (add ca, certificate and key)',
    ]);
    expect(faults(undefined, ['nats://127.0.0.1:4222', 'nats://[::1]:4222', 'localhost'])).toEqual([]);
  });

  it('says of each file what is wrong with it', async () => {
    const dwp = await certificates.make('dwp', { role: 'client', party: 'dwp' });
    expect(faults({ ...good, key: dwp.key })).toEqual([
      'broker.tls.key: not the key of the certificate (name the key of this certificate)',
    ]);
    expect(faults({ ...good, ca: certificates.path('none.pem') })).toEqual([
      'broker.tls.ca: no such file (put the certificate there, or correct the path)',
    ]);
    expect(faults({ ...good, certificate: good.key })).toEqual([
      'broker.tls.certificate: no certificate in it (put the certificate there, as PEM)',
    ]);
    expect(faults({ ca: good.ca })).toEqual([
      expect.stringMatching(/^broker.tls.certificate: missing/),
      expect.stringMatching(/^broker.tls.key: missing/),
    ]);
    chmodSync(dwp.key, 0o640);
    expect(faults({ ...dwp })).toEqual(['broker.tls.key: others may use this file (chmod 600 it)']);
    const torn = certificates.path('torn-ca.pem');
    writeFileSync(torn, readFileSync(good.ca, 'utf8').replace(/[A-Za-z]{9}\n/, '!!!!!!!!!\n'));
    expect(faults({ ...good, ca: torn })).toEqual([
      'broker.tls.ca: not a certificate (put the certificate there, as PEM)',
    ]);
  });
});

describe('the streams of a broker with TLS', () => {
  it('are made by who has the provisioning key and a certificate', async () => {
    const tls = readCredentials(await certificates.make('provisioning', { role: 'client' }));
    const seed = users.provisioning.getSeed();
    await provision({ servers: broker.url, seed, tls, plan });
  });
});
