// The process of the development identity provider: --port PORT --accounts FILE --clients FILE. Prints its address when
// it listens.
import { parseArgs } from 'node:util';
import { readAccounts, readClients } from './accounts.js';
import { openIdentityProvider } from './identity-provider.js';

const { values } = parseArgs({
  options: { port: { type: 'string' }, accounts: { type: 'string' }, clients: { type: 'string' } },
});
const { port, accounts, clients } = values;
if (port === undefined || accounts === undefined || clients === undefined) {
  process.stderr.write('usage: --port PORT --accounts FILE --clients FILE\n');
  process.exit(2);
}

const provider = await openIdentityProvider({
  port: Number(port),
  accounts: readAccounts(accounts),
  clients: readClients(clients),
});
process.stdout.write(`${JSON.stringify({ event: 'listening', issuer: provider.issuer })}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void provider.close().then(() => process.exit(0)));
}
