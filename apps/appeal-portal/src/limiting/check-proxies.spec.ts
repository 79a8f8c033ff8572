import { describe, expect, it } from '@jest/globals';
import { lookAt } from '@anonymesh/runtime';
import { proxiesCheck, type Reached } from './check-proxies.js';

const tls = { certificate: 'tls.pem', key: 'key.pem' };
const listen = { host: '0.0.0.0', port: 8080 };
const https = { publicUrl: 'https://appeals.example' };

describe('a portal', () => {
  it.each<[string, Reached, string]>([
    ['before which somebody else speaks TLS', { listen, pages: https, proxies: [] }, 'proxies-missing'],
    ['that knows who does', { listen, pages: https, proxies: ['172.30.82.1'] }, 'well'],
    ['that speaks TLS itself', { listen: { ...listen, tls }, pages: https, proxies: [] }, 'well'],
    ['for this machine', { listen, pages: { publicUrl: 'http://127.0.0.1:8082' }, proxies: [] }, 'well'],
    ['without pages', { listen, proxies: [] }, 'well'],
  ])('%s is told whether it can tell people apart', async (_which, config, code) => {
    expect(await lookAt(proxiesCheck(config))).toMatchObject({ name: 'proxies', code });
  });

  it('is told what to do about it', async () => {
    expect(await lookAt(proxiesCheck({ listen, pages: https, proxies: [] }))).toMatchObject({
      state: 'failing',
      todo: expect.stringContaining('into proxies'),
    });
  });
});
