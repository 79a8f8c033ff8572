// The check that the portal can tell where people come from: behind a proxy that it does not know all of them are one
// address, and a few who mistype their reference shut it for everybody.
import { amiss, well, type Check, type Found } from '@anonymesh/runtime';
import type { PortalConfig } from '../config.js';

export type Reached = Pick<PortalConfig, 'listen' | 'proxies'> & {
  readonly pages?: { readonly publicUrl: string } | undefined;
};

export function proxiesCheck(config: Reached): Check {
  const look = () => judgeProxies(config);
  return { name: 'proxies', look: async () => look(), lost: look() };
}

/** Browsers speak TLS to somebody, and it is not this app. */
function judgeProxies({ listen, pages, proxies }: Reached): Found {
  const isBehindOne = pages?.publicUrl.startsWith('https:') === true && listen.tls === undefined;
  if (!isBehindOne || proxies.length > 0) return well('It is known through whom people come.');
  return amiss(
    'proxies-missing',
    'Something before this portal speaks TLS with browsers, and its address is not in proxies: all people count as one, ' +
      'and some who mistype their reference keep out all others.',
    'Write the address from which it connects into proxies, and see that it sets x-forwarded-for itself.',
  );
}
