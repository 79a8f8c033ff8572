// The operator's own file about the broker: where it is, how much its streams may take, and with what the operator makes
// them (docs/configuration.md). The server's configuration follows from it and from the directory, and from nothing else.
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readYaml } from '@anonymesh/trust';
import { z } from 'zod';
import { named, No } from '../telling/no.js';

const path = () => z.string().min(1).meta({ title: 'path' });
const port = () => z.int().min(1).max(65_535);

export const brokerFile = z.strictObject({
  serverName: z.string().min(1).describe('The server’s own name; it stays as it is once the server has run.'),
  host: z.string().min(1).describe('The address on which the server listens.'),
  port: port().describe('Its port.'),
  storeDir: path().describe('The folder of its streams, which the server makes.'),
  maxPayload: z.int().min(1024).describe('The longest message, in bytes. Letters have up to 1,000,000 with headers.'),
  config: path().describe('The server’s configuration, which `mesh` writes.'),
  pidFile: path().describe('Where the server writes its process id, by which it is told to read that anew.'),
  monitoringPort: port()
    .describe('Of its status pages, on its own machine alone: by them `mesh` sees that it has read its configuration.')
    .optional(),
  streams: z.strictObject({
    bytesEach: z.int().min(1024).describe('How much may wait for one party, in bytes.'),
    most: z.int().min(1).describe('For how many parties there is room. It cannot change while the server runs.'),
  }),
  tls: z.strictObject({
    ca: path().describe(
      'Certificates of the authorities that may vouch for parties (PEM); each newcomer gets this file.',
    ),
    certificate: path().describe('The server’s certificate, for the name by which parties call it.'),
    key: path().describe('Its private key.'),
  }),
  provisioning: z.strictObject({
    url: z.string().min(1).describe('How the operator calls the broker, to make streams: `nats://host:port`.'),
    seed: path()
      .meta({ title: 'path of a file with mode 0600' })
      .describe('The secret nkey that alone may make streams, as `mesh broker init` made it.'),
    certificate: path().describe('The operator’s certificate towards the broker.'),
    key: path().describe('Its private key.'),
  }),
});
export type BrokerFile = z.infer<typeof brokerFile>;

/** With all paths absolute. Throws, naming the file, where others may use the key that makes streams. */
export function readBrokerFile(file: string): BrokerFile {
  const read = named(() => readYaml(file, brokerFile));
  const from = (relative: string) => resolve(dirname(file), relative);
  const { tls, provisioning } = read;
  const seed = from(provisioning.seed);
  if (named(() => statSync(seed).mode & 0o077) !== 0)
    throw new No('refused', `${seed}: others may read this key: chmod 600`);
  return {
    ...read,
    storeDir: from(read.storeDir),
    config: from(read.config),
    pidFile: from(read.pidFile),
    tls: { ca: from(tls.ca), certificate: from(tls.certificate), key: from(tls.key) },
    provisioning: {
      url: provisioning.url,
      seed,
      certificate: from(provisioning.certificate),
      key: from(provisioning.key),
    },
  };
}
