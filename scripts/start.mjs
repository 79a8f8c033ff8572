// npm start: sets up what is missing, then runs the sandbox on Node 24.
import { runOnNode, setUp } from './setup.mjs';

setUp();
process.exitCode = await runOnNode(['apps/sandbox/dist/main.js', ...process.argv.slice(2)]);
