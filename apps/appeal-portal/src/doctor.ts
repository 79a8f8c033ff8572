// Examines the portal's installation and changes nothing: `mesh doctor` starts it.
import { doctor } from '@anonymesh/courier';
import { endOnFault } from '@anonymesh/runtime';
import { portalConfig } from './config.js';
import { proxiesCheck } from './limiting/check-proxies.js';
import { sends } from './sends.js';

endOnFault();
await doctor(portalConfig, {
  kind: 'portal',
  sends,
  issuer: ({ oidc }) => oidc.issuer,
  more: async (config) => ({ checks: [proxiesCheck(config)], close: async () => undefined }),
});
