import { describe, expect, it } from '@jest/globals';

import { hops } from '../../../../boundaries.mjs';
import { brokerConfig, type BrokerPlace } from './broker-config.js';
import { planBroker } from './broker-plan.js';
import { members, place, provisioningKey } from './fixtures/small-mesh.js';

const plan = planBroker({ hops, members, provisioningKey, maxBytes: 1000 });

describe('the broker’s configuration', () => {
  it('reserves exactly the room that the streams may take, all of it in files', () => {
    expect(JSON.parse(brokerConfig(plan, place))).toMatchObject({
      jetstream: { max_memory_store: 0, max_file_store: plan.receivers.length * 1000 },
    });
  });

  it('shows status pages and TLS only where asked, the pages on the loopback address', () => {
    expect(Object.keys(JSON.parse(brokerConfig(plan, place)) as object)).not.toContain('http');
    const tls = { certFile: '/etc/broker/cert.pem', keyFile: '/etc/broker/key.pem', caFile: '/etc/broker/ca.pem' };
    expect(JSON.parse(brokerConfig(plan, { ...place, monitoringPort: 8222, tls }))).toMatchObject({
      http: '127.0.0.1:8222',
      tls: {
        cert_file: '/etc/broker/cert.pem',
        key_file: '/etc/broker/key.pem',
        ca_file: '/etc/broker/ca.pem',
        verify: true,
        timeout: 20,
      },
    });
  });

  it.each<[string, Partial<BrokerPlace>]>([
    ['server name', { serverName: 'x"\naccounts {}' }],
    ['host', { host: '0.0.0.0"\nno_auth_user: x' }],
    ['port', { port: 1.5 }],
    ['port', { port: Number.NaN }],
    ['monitoring port', { monitoringPort: 0 }],
    ['path', { storeDir: '/store"\n}' }],
    ['path', { storeDir: '' }],
    ['path', { tls: { certFile: '/c\n', keyFile: '/k', caFile: '/a' } }],
    ['biggest message', { maxPayload: Infinity }],
  ])('refuses a %s that is none', (what, change) => {
    expect(() => brokerConfig(plan, { ...place, ...change })).toThrow(new RegExp(`the ${what}|a ${what}`));
  });
});
