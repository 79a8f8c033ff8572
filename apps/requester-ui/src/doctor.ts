// Examines a requester's installation and changes nothing: `mesh doctor` starts it.
import { doctor } from '@anonymesh/courier';
import { endOnFault } from '@anonymesh/runtime';
import { requesterConfig } from './config.js';
import { sends } from './sends.js';

endOnFault();
await doctor(requesterConfig, {
  kind: 'requester',
  sends,
  issuer: ({ oidc }) => oidc.issuer,
});
