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
    issuer: z.url(),
    audience: z.string().min(1),
    /** `typ` of access tokens; some providers write `JWT`. */
    tokenType: z.string().min(1).default('at+jwt'),
    /** The claim that holds the verified identity: what agreements call the subject key. */
    identityClaim: z.string().min(1).default('ni_number'),
  }),
  /** The pages for subjects. Without it there is the API alone. */
  pages: pagesConfig.optional(),
  /** No failed appeal is answered sooner than this, in milliseconds. */
  floorMilliseconds: z.int().min(0).max(10_000).default(750),
  limits: limitsConfig.prefault({}),
  /** Addresses or networks of the proxies before the portal, whose `x-forwarded-for` is believed. */
  proxies: z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).default([]),
});
export type PortalConfig = z.infer<typeof portalConfig>;
