// npm start: sets up what is missing, then runs the sandbox on Node 24.
import { runOnNode, setUp } from './setup.mjs';

setUp();
// Ctrl-C reaches the sandbox by itself; this process waits for it to stop everything.
process.on('SIGINT', () => {});
process.exitCode = runOnNode(['apps/sandbox/dist/main.js', ...process.argv.slice(2)]);
