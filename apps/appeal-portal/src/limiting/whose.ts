// Under what somebody's tries are counted: digests under a key of the portal's own, so that its store tells nobody who was
// there. An IPv6 network is one address: its holder could take another for every try.
import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';

export type Whose = (what: 'account' | 'address' | 'rechecks', text: string) => string;

/** `secret`: the portal's alone. With a new one everybody begins anew. */
export function whoseBy(secret: Buffer): Whose {
  return (what, text) =>
    createHmac('sha256', secret)
      .update(`${what}:${what === 'address' ? networkOf(text) : text}`)
      .digest('base64url');
}

/** The first 64 bits of an IPv6 address; an IPv4 address as it is, also where it is written as IPv6. */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(bare)) return bare;
  const [head = '', tail] = bare.toLowerCase().split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array<string>(Math.max(0, missing)).fill('0'), ...after];
  return all
    .slice(0, 4)
    .map((group) => group.padStart(4, '0'))
    .join(':');
}
