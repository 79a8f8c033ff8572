// Examines a holder's installation and changes nothing: `mesh doctor` starts it.
import { readFileSync } from 'node:fs';
import { doctor, hostIn } from '@anonymesh/courier';
import { endOnFault } from '@anonymesh/runtime';
import { issuerOf, lqiConfig, type LqiConfig } from './config.js';
import { holderChecks } from './overview/holder-checks.js';
import { readTemplates } from './questions/templates.js';
import { openSource } from './sources/open-source.js';
import { sends } from './sends.js';

endOnFault();
await doctor(lqiConfig, {
  kind: 'holder',
  sends,
  issuer: issuerOf,
  folders: ({ spill }) => [spill],
  secrets: (config) => urlFile(config),
  hosts: (config) => urlFile(config).flatMap((file) => hostIn(readFileSync(file, 'utf8').trim())),
  more: async (config, { keyring, trust }) => {
    const source = openSource(config.source);
    const holder = { id: config.party, keyring, trust, templates: readTemplates(config.templates) };
    return { checks: holderChecks({ holder, source }), close: () => source.close() };
  },
});

function urlFile({ source }: LqiConfig): string[] {
  return 'url' in source ? [source.url] : [];
}
