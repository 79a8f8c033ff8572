// The config file of a requester's node.
import { nodeConfig, storeConfig } from '@anonymesh/courier';
import { pagesConfig } from '@anonymesh/web';
import { z } from 'zod';

export const requesterConfig = nodeConfig.extend({
  store: storeConfig,
  /** The organisation's identity provider, and the name under which it issues tokens for this API. */
  oidc: z.strictObject({
    issuer: z.url(),
    audience: z.string().min(1),
    /** `typ` of access tokens; some providers write `JWT`. */
    tokenType: z.string().min(1).default('at+jwt'),
  }),
  /** The pages for caseworkers. Without it there is the API alone. */
  pages: pagesConfig.optional(),
});
export type RequesterConfig = z.infer<typeof requesterConfig>;
