// Whether a server's certificate is for one of the names under which the config knows the server. Node would ask about
// `localhost` where a client hands it a socket that leads to an address.
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

export type IdentityCheck = (asked: string, certificate: PeerCertificate) => Error | undefined;

/** `hosts`: names and addresses. The check answers with the first fault where none fits. */
export function identifyServer(hosts: readonly string[]): IdentityCheck {
  return (_asked, certificate) => {
    const faults = hosts.map((host) => checkServerIdentity(host, certificate));
    return faults.includes(undefined) ? undefined : faults[0];
  };
}
