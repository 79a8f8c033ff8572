// npm run bench -- checks [--json]: sets up what is missing, then measures on this machine.
import { runOnNode, setUp } from './setup.mjs';

setUp({ tests: true });
const run = ['--conditions=development', '--import', './scripts/typescript.mjs', 'bench/src/main.ts'];
process.exitCode = runOnNode([...run, ...process.argv.slice(2)]);
