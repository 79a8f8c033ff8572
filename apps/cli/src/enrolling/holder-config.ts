// The config of a new holder's node, with comments for who fills in the rest.
import { stringify } from 'yaml';
import { No } from '../telling/no.js';
import type { HolderOptions } from './init-holder.js';

export const recordKinds = ['postgres', 'mysql', 'mongodb', 'sqlite', 'jsonl'] as const;
export type RecordKind = (typeof recordKinds)[number];

const database = (
  kind: string,
  more = '',
) => `# The connection string of an account that may only read goes into that file, mode 0600; the certificates of the authority
# that vouches for the database server into trust/database-ca.pem.
source:
  kind: ${kind}
  url: keys/records.url
${more}  tls: { ca: trust/database-ca.pem }`;

const sources: Readonly<Record<RecordKind, string>> = {
  postgres: database('postgres'),
  mysql: database('mysql'),
  mongodb: database('mongodb', '  database: records # its name\n'),
  sqlite: 'source: { kind: sqlite, file: data/records.sqlite }',
  jsonl: `# A folder of COLLECTION.jsonl; under index, the fields by which documents are looked up.
source: { kind: jsonl, folder: data, index: {} }`,
};

/** Throws where the port or an address is none. */
export function holderConfig({ id, name, broker, operator, records, port }: HolderOptions): string {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new No('usage', '--port is a port');
  if (broker.some((address) => !/^(nats|tls):\/\/[A-Za-z0-9.:[\]-]+$/.test(address)))
    throw new No('usage', '--broker is written nats://host:port');
  // A name is somebody's text: as a comment of more than one line it would be configuration.
  const title = JSON.stringify(name).slice(1, -1);
  return `# The node of ${title}. Every key is described in docs/configuration.md; paths start at this file's folder.
party: ${id}

# Its API, for your own people; with the parts oidc and pages a console as well (docs/console.md). Nothing of the mesh
# calls in: the node itself calls the broker.
listen: { host: 127.0.0.1, port: ${number} }
# Metrics and what is amiss, for your Prometheus: on this machine alone, without sign-in (docs/operations.md).
# monitoring: { port: 9464 }

broker:
  servers: ${JSON.stringify(broker)}
  seed: keys/broker.seed
  # ca.pem and tls.pem come back from the operator.
  tls: { ca: trust/ca.pem, certificate: trust/tls.pem, key: keys/tls-key.pem }

keys:
  signing: keys/signing.pem
  sealing: [keys/sealing.pem]
  mask: [keys/mask.pem]
  # keys/identity.pem signs entries and agreements alone: take it off this machine.

trust:
  directory: trust/directory.json
  # The public key of the mesh's operator, whom this node believes about who is in the mesh.
  ${stringify({ operator }).trim()}
  agreements: trust/agreements

# What the node itself keeps. In production better PostgreSQL: { kind: postgres, url: keys/store.url, tls: … }
store: { kind: embedded, file: state/store.sqlite }

${sources[records]}
templates: templates
`;
}
