import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { ask, dispatch, progress } from '@anonymesh/protocol';
import { lookAt, openLog } from '@anonymesh/runtime';
import type { Keyring } from '@anonymesh/trust';
import { until } from '../../../../tests/mesh/until.js';
import { startRealMesh, type RealMesh } from '../fixtures/real-mesh.js';
import { brokerCheck } from './check-broker.js';
import { checkDirectory, checkOpening } from './check-directory.js';
import { permissionsCheck, waysOf } from './check-permissions.js';
import { tellLastQuery } from './check-store.js';
import { tellWhileWaiting } from './tell-while-waiting.js';

let mesh: RealMesh;
beforeAll(async () => {
  mesh = await startRealMesh();
}, 60_000);
afterAll(() => mesh.stop());

const day = 86_400_000;

describe('what a party may send', () => {
  it('is found without sending anything', async () => {
    const { party } = await mesh.courier('aggregator');
    const before = await mesh.arrived('coordinator');
    const ways = waysOf({ id: 'aggregator', kind: 'aggregator' }, [progress], mesh.parties.directory);
    expect(ways).toEqual([{ subject: 'mesh.coordinator.progress', carried: 'stream' }]);
    expect(await lookAt(permissionsCheck(party, () => ways))).toMatchObject({ state: 'well' });
    expect(await mesh.arrived('coordinator')).toBe(before);
  });

  it('is told to be missing, by its subject', async () => {
    const { party } = await mesh.courier('immigration');
    const found = await lookAt(
      permissionsCheck(party, () => [
        { subject: 'mesh.coordinator.retract', carried: 'stream' },
        { subject: 'mesh.lqi.hmrc.dispatch', carried: 'stream' },
        { subject: 'mesh.aggregator.explain', carried: 'reply' },
      ]),
    );
    expect(found).toMatchObject({ state: 'failing', code: 'permission-missing' });
    expect(found.reason).toContain('mesh.lqi.hmrc.dispatch, mesh.aggregator.explain.');
  });

  it('to somebody who is not connected wants looking at, and is well once there is somebody', async () => {
    const { party } = await mesh.courier('immigration');
    const ways = waysOf({ id: 'immigration', kind: 'requester' }, [ask], mesh.parties.directory);
    expect(await lookAt(permissionsCheck(party, () => ways))).toMatchObject({
      state: 'attention',
      code: 'nobody-answers',
    });
    const coordinator = await mesh.node('coordinator', mesh.place('asked'), [
      ask,
      () => Promise.reject(new Error('no letter came')),
    ]);
    // Its subscription may still be on its way to the broker.
    await until('there is somebody', async () => (await lookAt(permissionsCheck(party, () => ways))).state === 'well');
    expect(coordinator.log.join()).not.toContain('failed');
    await coordinator.close();
  });

  it('goes to each receiver once, and never to the party itself', () => {
    const { directory } = mesh.parties;
    const holders = [...directory.parties.values()].filter(({ kind }) => kind === 'holder').length;
    expect(waysOf({ id: 'coordinator', kind: 'coordinator' }, [dispatch, dispatch], directory)).toHaveLength(holders);
    expect(waysOf({ id: 'hmrc', kind: 'holder' }, [progress], directory)).toHaveLength(1);
  });
});

describe('the broker', () => {
  it('is well where the party can read, and not where another is asked about', async () => {
    const { party } = await mesh.courier('aggregator');
    const check = (receives: 'aggregator' | 'coordinator') =>
      brokerCheck({ party, servers: [mesh.nats.url], receives });
    expect(await lookAt(check('aggregator'))).toMatchObject({ state: 'well' });
    expect(await lookAt(check('coordinator'))).toMatchObject({ state: 'failing', code: 'stream-unreachable' });
  });

  it('that a starting node waits for is told in its log again and again, by who answers there', async () => {
    const mail = createServer((socket) => void socket.end('220 mail.example ESMTP\r\n')).listen(0, '127.0.0.1');
    await once(mail, 'listening');
    const lines: string[] = [];
    const log = openLog({ app: 'spec', to: { write: (line) => void lines.push(line) } });
    const { end } = tellWhileWaiting({ servers: [`127.0.0.1:${(mail.address() as AddressInfo).port}`] }, log, 100);
    await until('it is told twice', () => lines.length >= 2);
    end();
    mail.close();
    expect(lines[0]).toContain('"found":"broker-not-nats"');
  });
});

describe('the directory', () => {
  const known = () => {
    const { directory } = mesh.parties;
    return { id: 'hmrc', kid: mesh.parties.party('hmrc').signing.kid, directory };
  };
  const codeOf = (change: object, now = Date.now(), id = 'hmrc') =>
    checkDirectory({ ...known(), id }, { ...mesh.parties.directory, ...change }, now).code;

  it('is well with the key that is in use, for long enough', () => {
    expect(codeOf({})).toBe('well');
  });

  it('is not where the party, its key, or the key’s time is missing', () => {
    expect(codeOf({ parties: new Map() })).toBe('directory-without-us');
    expect(codeOf({}, Date.now(), 'dwp')).toBe('key-not-in-force');
    const [key] = mesh.parties.directory.parties.get('hmrc')?.signing ?? [];
    expect(codeOf({}, key?.until)).toBe('key-not-in-force');
    expect(codeOf({}, (key?.until ?? 0) - 3 * day)).toBe('key-ends-soon');
  });

  it('is not where the key that is in use was revoked, or none is left to use', () => {
    const { directory } = mesh.parties;
    const entry = directory.parties.get('hmrc');
    const signing = entry?.signing.map((key) => ({ ...key, revokedAt: key.from }));
    expect(codeOf({ parties: new Map([['hmrc', { ...entry, signing }]]) })).toBe('key-revoked');
    expect(checkDirectory({ ...known(), kid: undefined }, directory, Date.now()).code).toBe('key-revoked');
  });

  it('is not where others seal or mask with a key that is not here, unless its time is over', () => {
    const { directory } = mesh.parties;
    const { keyring, sealing } = mesh.parties.party('hmrc');
    const { keyring: another } = mesh.parties.party('dwp');
    const look = (of: Keyring, now = Date.now()) => checkOpening({ id: 'hmrc', keyring: of }, directory, now);
    expect(look(keyring)).toBe(undefined);
    expect(look(another)).toMatchObject({ state: 'failing', code: 'key-not-here' });
    expect(look(another)?.reason).toContain('(sealing and mask)');
    expect(look({ ...keyring, mask: another.mask })?.reason).toContain('(mask)');
    const until = directory.parties.get('hmrc')?.sealing.find(({ kid }) => kid === sealing.kid)?.until ?? 0;
    expect(look(another, until)).toBe(undefined);
  });

  it('that is newer on disk was not taken up, and an older one is a fault', () => {
    const { serial } = mesh.parties.directory;
    expect(codeOf({ serial: serial + 1 })).toBe('directory-newer');
    expect(codeOf({ serial: serial - 1 })).toBe('directory-older');
  });
});

describe('the last query', () => {
  const now = Date.now();
  it.each([
    [undefined, 'No query has come yet.'],
    [0, 'The last query was dealt with less than a minute ago.'],
    [90_000, 'The last query was dealt with 1 minute ago.'],
    [3 * 3_600_000, 'The last query was dealt with 3 hours ago.'],
    [3 * day, 'The last query was dealt with 3 days ago.'],
  ])('%s ms ago is told in words', (ago, words) => {
    expect(tellLastQuery(ago === undefined ? undefined : now - ago, now).reason).toBe(words);
  });
});
