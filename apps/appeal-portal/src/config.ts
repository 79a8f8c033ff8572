// The config file of an appeal portal.
import { nodeConfig } from '@anonymesh/courier';
import { pagesConfig } from '@anonymesh/web';
import { z } from 'zod';

export const portalConfig = nodeConfig.extend({
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
});
export type PortalConfig = z.infer<typeof portalConfig>;
