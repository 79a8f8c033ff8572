// npm start: sets up what is missing, then runs the sandbox on Node 24.
import { runOnNode, setUp } from './setup.mjs';

setUp();
// It founds a mesh once, and then only watches: it need not keep the memory that the founding took.
const small = ['--max-semi-space-size=2', '--optimize-for-size'];
process.exitCode = await runOnNode([...small, 'dist/sandbox/main.js', ...process.argv.slice(2)]);
