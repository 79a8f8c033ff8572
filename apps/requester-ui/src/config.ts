// The config file of a requester's node.
import { nodeConfig, storeConfig } from '@anonymesh/courier';
import { partyId } from '@anonymesh/protocol';
import { haveOneIssuer, oneIssuer, pagesConfig, personClaim, siteAddress } from '@anonymesh/web';
import { z } from 'zod';
import { askingConfig } from './asking/limit-asking.js';

const config = nodeConfig.extend({
  store: storeConfig,
  oidc: z.strictObject({
    issuer: z.url().describe('The organisation’s identity provider, exactly as it writes itself.'),
    audience: z.string().min(1).describe('The name under which it issues tokens for this API.'),
    tokenType: z.string().min(1).default('at+jwt').describe('`typ` of access tokens; some providers write `JWT`.'),
    person: personClaim,
  }),
  asking: askingConfig.prefault({}).describe('How often may be asked.'),
  pages: pagesConfig
    .extend({
      portals: z
        .record(partyId, siteAddress)
        .default({})
        .describe('Where people reach each appeal portal, by its id in agreements: letters to applicants say it.'),
    })
    .describe('The pages for caseworkers. Without it there is the API alone.')
    .optional(),
});
export const requesterConfig = config.refine(haveOneIssuer, oneIssuer);
export type RequesterConfig = z.infer<typeof requesterConfig>;
