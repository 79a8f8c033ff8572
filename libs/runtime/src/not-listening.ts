// Why a listener of an app cannot listen, said by the key of its config that is to be changed.
import type { ConfigFault } from './config-fault.js';
import { type CannotStart, cannotStart } from './end-on-fault.js';

const reasons: Readonly<Record<string, { readonly key: 'port' | 'host' } & Pick<ConfigFault, 'fault' | 'fix'>>> = {
  EADDRINUSE: { key: 'port', fault: 'another program listens there', fix: 'end that, or name another port' },
  EACCES: { key: 'port', fault: 'this user may not listen there', fix: 'name a port above 1023' },
  EADDRNOTAVAIL: { key: 'host', fault: 'not an address of this machine', fix: 'name one that it has' },
  ENOTFOUND: { key: 'host', fault: 'the name leads to no address', fix: 'name an address of this machine' },
};

/** `part`: of the config. Undefined where the error is about something else. */
export function notListening(part: 'listen' | 'monitoring', error: unknown): CannotStart | undefined {
  const { code, syscall } = error as { code?: string; syscall?: string };
  const isOurs = syscall === 'listen' || syscall === 'getaddrinfo';
  const reason = isOurs && code !== undefined ? reasons[code] : undefined;
  return reason && cannotStart({ ...reason, key: `${part}.${reason.key}` }, error);
}
