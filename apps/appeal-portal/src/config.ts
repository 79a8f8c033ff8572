// The config file of an appeal portal.
import { nodeConfig, storeConfig } from '@anonymesh/courier';
import { pagesConfig } from '@anonymesh/web';
import { z } from 'zod';
import { limitsConfig } from './limiting/allowance.js';

export const portalConfig = nodeConfig.extend({
  /** Counts tries; of persons it knows nothing. */
  store: storeConfig,
  /** Where subjects prove who they are. */
  oidc: z.strictObject({
    issuer: z.url().describe('The organisation’s identity provider, exactly as it writes itself.'),
    audience: z.string().min(1).describe('The name under which it issues tokens for this API.'),
    tokenType: z.string().min(1).default('at+jwt').describe('`typ` of access tokens; some providers write `JWT`.'),
    identityClaim: z
      .string()
      .min(1)
      .default('ni_number')
      .describe('The claim that holds the verified identity: what agreements call the subject key.'),
  }),
  pages: pagesConfig.describe('The pages for subjects. Without it there is the API alone.').optional(),
  floorMilliseconds: z.int().min(0).max(10_000).default(750).describe('No failed appeal is answered sooner than this.'),
  limits: limitsConfig.prefault({}),
  proxies: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .default([])
    .describe('Addresses or networks of the proxies before the portal, whose `x-forwarded-for` is believed.'),
});
export type PortalConfig = z.infer<typeof portalConfig>;
