// npm run bench -- checks|psi|pages|scale [--json]: sets up what is missing, then measures on this machine.
import { runOnNode, setUp } from './setup.mjs';

// Only checks and scale are measured on PostgreSQL.
const onPostgres = ['checks', 'scale'].some((name) => process.argv.includes(name));
setUp({ tests: onPostgres, browser: process.argv.includes('pages') });
const run = ['--conditions=development', '--import', './scripts/typescript.mjs', 'bench/src/main.ts'];
process.exitCode = await runOnNode([...run, ...process.argv.slice(2)]);
