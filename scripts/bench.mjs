// npm run bench -- checks|psi|pages [--json]: sets up what is missing, then measures on this machine.
import { runOnNode, setUp } from './setup.mjs';

// Only checks are measured on PostgreSQL.
setUp({ tests: process.argv.includes('checks'), browser: process.argv.includes('pages') });
const run = ['--conditions=development', '--import', './scripts/typescript.mjs', 'bench/src/main.ts'];
process.exitCode = await runOnNode([...run, ...process.argv.slice(2)]);
