// Makes the broker follow the directory: an account for each party and for nobody else, and the streams of all. Whoever is
// connected and stays in the mesh stays connected; whoever is not in it any more is cut off. The coordinator's own program
// plans and provisions: this one knows nothing of the broker but files.
import type { Directory } from '@anonymesh/trust';
import { z } from 'zod';
import { hops } from '../../../../boundaries.mjs';
import { replaceFile } from '../replace-file.js';
import { runProgram } from '../starting/run-program.js';
import { No } from '../telling/no.js';
import { readBrokerFile, type BrokerFile } from './broker-file.js';
import { reload } from './reload.js';

const answered = z.union([
  z.strictObject({ config: z.string(), accounts: z.array(z.string()), streams: z.number() }),
  z.strictObject({ refused: z.string() }),
  z.strictObject({ unanswered: z.string() }),
]);

export interface Planned {
  readonly file: BrokerFile;
  readonly question: object;
  /** Of the server. */
  readonly config: string;
  readonly accounts: readonly string[];
  readonly streams: number;
}

/** Throws where the broker cannot have these parties; nothing is changed by it. */
export async function planFor(path: string, { parties }: Pick<Directory, 'parties'>): Promise<Planned> {
  const file = readBrokerFile(path);
  const { streams, tls, serverName, host, port, storeDir, maxPayload, pidFile, monitoringPort, provisioning } = file;
  const question = {
    hops,
    members: [...parties.values()].map(({ id, kind, broker }) => ({ id, kind, brokerKey: broker })),
    place: {
      ...{ serverName, host, port, storeDir, maxPayload, pidFile, monitoringPort },
      storeBytes: streams.bytesEach * streams.most,
      tls: { certFile: tls.certificate, keyFile: tls.key, caFile: tls.ca },
    },
    bytesEach: streams.bytesEach,
    provisioning: { ...provisioning, ca: tls.ca },
  };
  return { file, question, ...(await ask({ action: 'plan', ...question })) };
}

export async function configureBroker({ file, question, config, accounts }: Planned): Promise<void> {
  replaceFile(file.config, config, 0o600);
  await reload(file, accounts);
  await ask({ action: 'provision', ...question });
}

async function ask(question: object): Promise<Pick<Planned, 'config' | 'accounts' | 'streams'>> {
  const out = await runProgram({ app: 'coordinator', entry: 'provisioning/main' }, [], JSON.stringify(question));
  const found = answered.parse(JSON.parse(out));
  if ('refused' in found) throw new No('refused', found.refused);
  if (!('unanswered' in found)) return found;
  const todo = 'look at the broker’s log, then run mesh broker configure';
  throw new No('unanswered', `the broker’s streams cannot be made: ${found.unanswered}; ${todo}`);
}
