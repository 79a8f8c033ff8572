// The operator's own file about the broker: where it is, how much its streams may take, and with what the operator makes
// them. The server's configuration follows from it and from the directory, and from nothing else.
import { dirname, resolve } from 'node:path';
import { readYaml } from '@anonymesh/trust';
import { z } from 'zod';
import { named } from '../telling/no.js';

const path = z.string().min(1);
const port = z.int().min(1).max(65_535);

const brokerFile = z.strictObject({
  serverName: z.string().min(1),
  host: z.string().min(1),
  port,
  storeDir: path,
  maxPayload: z.int().min(1024),
  /** The server's configuration, which is written here. */
  config: path,
  pidFile: path,
  /** Of the server's status pages, on its own machine: by them one sees that it has read its configuration. */
  monitoringPort: port.optional(),
  /** `most` cannot change while the server runs. */
  streams: z.strictObject({ bytesEach: z.int().min(1024), most: z.int().min(1) }),
  tls: z.strictObject({ ca: path, certificate: path, key: path }),
  /** How the operator calls the broker, to make streams. */
  provisioning: z.strictObject({ url: z.string().min(1), seed: path, certificate: path, key: path }),
});
export type BrokerFile = z.infer<typeof brokerFile>;

/** With all paths absolute. */
export function readBrokerFile(file: string): BrokerFile {
  const read = named(() => readYaml(file, brokerFile));
  const from = (relative: string) => resolve(dirname(file), relative);
  const { tls, provisioning } = read;
  return {
    ...read,
    storeDir: from(read.storeDir),
    config: from(read.config),
    pidFile: from(read.pidFile),
    tls: { ca: from(tls.ca), certificate: from(tls.certificate), key: from(tls.key) },
    provisioning: {
      url: provisioning.url,
      seed: from(provisioning.seed),
      certificate: from(provisioning.certificate),
      key: from(provisioning.key),
    },
  };
}
