// Examines the coordinator's installation and changes nothing: `mesh doctor` starts it.
import { doctor } from '@anonymesh/courier';
import { endOnFault } from '@anonymesh/runtime';
import { coordinatorConfig } from './config.js';
import { sends } from './sends.js';

endOnFault();
await doctor(coordinatorConfig, {
  kind: 'coordinator',
  sends,
});
