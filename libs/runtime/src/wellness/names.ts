// Whether the names of the machines that this node calls lead to an address.
import { lookup } from 'node:dns/promises';
import { amiss, type Check, type Found, well } from './check.js';

const todo = 'Look at the name in the config file, and at this machine’s name service (/etc/resolv.conf).';
const lost = amiss('name-service-silent', 'The name service does not answer.', todo);

/** `hosts`: names or addresses. */
export function namesCheck(hosts: readonly string[]): Check {
  return { name: 'names', look: () => checkNames([...new Set(hosts)]), lost };
}

export async function checkNames(hosts: readonly string[]): Promise<Found> {
  const lost = await Promise.all(
    hosts.map((host) =>
      lookup(host).then(
        () => [],
        () => [host],
      ),
    ),
  );
  const names = lost.flat();
  if (names.length === 0) return well('Every name that this node calls leads to an address.');
  return amiss('name-not-found', `No address is known for ${names.join(', ')}.`, todo);
}
