// The names that a certificate is good for: DNS names and addresses of the machine, and the party that it belongs to.
import { isIP } from 'node:net';

export interface Names {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** Throws, saying which, for what is neither an address nor a DNS name in small letters. A leading `*.` is refused. */
export function namesFrom(given: readonly string[]): Names {
  const ip = given.filter((name) => isIP(name) !== 0);
  const dns = given.filter((name) => isIP(name) === 0);
  const wrong = dns.find((name) => name.length > 253 || !name.split('.').every((part) => label.test(part)));
  if (wrong !== undefined) throw new Error(`${JSON.stringify(wrong)} is neither an address nor a DNS name`);
  return { dns: [...new Set(dns)], ip: [...new Set(ip)] };
}

/** Whether a DNS name is one of these domains or below one. */
export function isWithin(name: string, domains: readonly string[]): boolean {
  return domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

const prefix = 'urn:anonymesh:party:';

/** How a certificate says which party it belongs to. */
export function partyUri(party: string): string {
  return `${prefix}${party}`;
}
