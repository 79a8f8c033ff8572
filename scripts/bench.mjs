// npm run bench -- checks|psi [--json]: sets up what is missing, then measures on this machine.
import { runOnNode, setUp } from './setup.mjs';

// Only checks are measured on PostgreSQL.
setUp({ tests: process.argv.includes('checks') });
const run = ['--conditions=development', '--import', './scripts/typescript.mjs', 'bench/src/main.ts'];
process.exitCode = await runOnNode([...run, ...process.argv.slice(2)]);
