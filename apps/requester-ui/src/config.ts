// The config file of a requester's node.
import { nodeConfig, storeConfig } from '@anonymesh/courier';
import { pagesConfig } from '@anonymesh/web';
import { z } from 'zod';

export const requesterConfig = nodeConfig.extend({
  store: storeConfig,
  oidc: z.strictObject({
    issuer: z.url().describe('The organisation’s identity provider, exactly as it writes itself.'),
    audience: z.string().min(1).describe('The name under which it issues tokens for this API.'),
    tokenType: z.string().min(1).default('at+jwt').describe('`typ` of access tokens; some providers write `JWT`.'),
  }),
  pages: pagesConfig.describe('The pages for caseworkers. Without it there is the API alone.').optional(),
});
export type RequesterConfig = z.infer<typeof requesterConfig>;
