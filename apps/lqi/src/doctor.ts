// Examines a holder's installation and changes nothing: `mesh doctor` starts it.
import { readFileSync } from 'node:fs';
import { doctor, hostIn } from '@anonymesh/courier';
import { endOnFault, orCannotStart } from '@anonymesh/runtime';
import { issuerOf, led, lqiConfig } from './config.js';
import { holderChecks } from './overview/holder-checks.js';
import { readTemplates } from './questions/templates.js';
import { connectionOf, secretsOf } from './sources/connection-of.js';
import { openSource } from './sources/open-source.js';
import { sends } from './sends.js';

endOnFault();
await doctor(lqiConfig, {
  kind: 'holder',
  sends,
  issuer: issuerOf,
  folders: ({ spill }) => [spill],
  secrets: ({ source }) => secretsOf(source),
  connections: ({ source }) => connectionOf(source),
  hosts: ({ source }) => ('url' in source ? hostIn(readFileSync(source.url, 'utf8').trim()) : []),
  more: async (config, { keyring, trust, node }) => {
    const templates = orCannotStart(() => readTemplates(config.templates), led.templates);
    const source = orCannotStart(() => openSource(config.source), led.source);
    const holder = { id: config.party, keyring, trust, templates };
    return { checks: holderChecks({ holder, source, node }), close: () => source.close() };
  },
});
