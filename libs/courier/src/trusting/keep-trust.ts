// Keeps a running node’s directory and keys as they are on disk: when their files change, they are taken up, without a
// restart. What cannot be read changes nothing: the node goes on with what it has, and its log and the doctor say so.
import type { Closer, Log } from '@anonymesh/runtime';
import type { Store } from '@anonymesh/store';
import { isSuccessorOf, type OpenKeyring, type OpenTrust } from '@anonymesh/trust';
import type { NodeConfig } from '../node-config.js';
import { holdKnown, saveKnown } from './known-directory.js';
import { takeDirectory } from './take-directory.js';
import { watchFiles } from './watch-files.js';

export interface TrustParts {
  readonly store: Store;
  readonly trust: OpenTrust;
  readonly keyring: OpenKeyring;
  readonly log: Log;
}

/** Goes by the newest directory that is known before it resolves. Rejects where that cannot be told. */
export async function keepTrust(
  { store, trust, keyring, log }: TrustParts,
  config: Pick<NodeConfig, 'keys' | 'trust'>,
): Promise<Closer> {
  const takeUp = async () => {
    const { directory, older } = await store.knex.transaction(async (transaction) => {
      const taken = takeDirectory(config.trust, await holdKnown(transaction));
      if (taken.known !== undefined) await saveKnown(transaction, taken.known);
      return taken;
    });
    if (older !== undefined) log.warn('directory.older', { serial: older, known: directory.serial });
    if (directory.serial > trust.directory.serial) log.info('directory.taken', { serial: directory.serial });
    trust.goBy(directory);
  };

  const loadKeys = async () => keyring.reload();

  // One after the other; what changes meanwhile is looked at once more afterwards.
  let running: Promise<void> | undefined;
  let again = false;
  const round = async (): Promise<void> => {
    do {
      again = false;
      await takeUp().catch((error: unknown) => log.fault('directory.not-taken', error));
      await loadKeys().catch((error: unknown) => log.fault('keys.not-taken', error));
    } while (again);
    running = undefined;
  };
  const changed = () => {
    again = true;
    running ??= round();
  };

  const keys = [config.keys.signing, ...config.keys.sealing, ...config.keys.mask];
  const failed = (error: unknown) => log.fault('files.not-watched', error);
  // Watched before it is read: nothing that changes in between is missed.
  const watched = watchFiles([config.trust.directory, ...keys], isSuccessorOf, { changed, failed });
  await Promise.all([takeUp(), loadKeys()]).catch((error: unknown) => {
    watched.close();
    throw error;
  });
  return {
    name: 'trust',
    close: async () => {
      watched.close();
      await running;
    },
  };
}
