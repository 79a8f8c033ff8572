// Examines the aggregator's installation and changes nothing: `mesh doctor` starts it.
import { doctor } from '@anonymesh/courier';
import { endOnFault } from '@anonymesh/runtime';
import { aggregatorConfig, spoolOf } from './config.js';
import { sends } from './sends.js';

endOnFault();
await doctor(aggregatorConfig, {
  kind: 'aggregator',
  sends,
  folders: (config) => [spoolOf(config)],
});
