// Every path of the sandbox: DIR/<party>/ for what a party has, DIR/broker/ for the broker. One file knows them all, and
// what the ports are called.
import { join } from 'node:path';
import type { PartyId } from '@anonymesh/protocol';

export function placesOf(dir: string, id: PartyId) {
  const home = join(dir, id);
  return {
    home,
    config: join(home, 'config.yaml'),
    log: join(home, 'log.jsonl'),
    state: join(home, 'state', 'store.sqlite'),
    storeUrl: join(home, 'keys', 'store.url'),
    data: join(home, 'data'),
    /** What set queries put down while they are under way. */
    spill: join(home, 'state', 'sets'),
    keys: join(home, 'keys'),
    key: (name: string) => join(home, 'keys', `${name}.pem`),
    /** Of its pages: the identity provider's client, and what seals cookies. */
    clientSecret: join(home, 'keys', 'pages-client.secret'),
    sessionSecret: join(home, 'keys', 'pages-session.secret'),
    brokerSeed: join(home, 'keys', 'broker.seed'),
    /** Towards the broker. */
    tls: {
      ca: join(home, 'trust', 'ca.pem'),
      certificate: join(home, 'keys', 'tls.pem'),
      key: join(home, 'keys', 'tls-key.pem'),
    },
    directory: join(home, 'trust', 'directory.json'),
    agreements: join(home, 'trust', 'agreements'),
    templates: join(home, 'templates'),
  };
}
export type Places = ReturnType<typeof placesOf>;

/** The name of the port at which a party's app is monitored; no party can have it as its id. */
export function monitoringOf(id: PartyId): string {
  return `monitoring of ${id}`;
}

export function brokerPlaces(dir: string) {
  const home = join(dir, 'broker');
  const ca = join(home, 'ca.pem');
  return {
    home,
    config: join(home, 'nats.conf'),
    /** From which the operator makes that. */
    operators: join(home, 'broker.yaml'),
    pid: join(home, 'nats.pid'),
    log: join(home, 'log.txt'),
    store: join(home, 'streams'),
    provisioningSeed: join(home, 'provisioning.seed'),
    ca,
    /** With these two beside it, the folder is one of `mesh ca`. */
    caNewest: join(home, 'ca-newest.pem'),
    caKey: join(home, 'ca-key.pem'),
    certificate: join(home, 'tls.pem'),
    key: join(home, 'tls-key.pem'),
    /** Of whoever makes streams. */
    provisioning: { ca, certificate: join(home, 'provisioning.pem'), key: join(home, 'provisioning-key.pem') },
  };
}

export function identityProviderPlaces(dir: string) {
  const home = join(dir, 'identity-provider');
  return {
    home,
    log: join(home, 'log.jsonl'),
    accounts: join(home, 'accounts.json'),
    clients: join(home, 'clients.json'),
  };
}
