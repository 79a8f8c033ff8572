// npm test: sets up what is missing, then runs all tests (or those whose path is given) on Node 24.
import { runOnNode, setUp } from './setup.mjs';

setUp({ tests: true });
process.exitCode = runOnNode(['node_modules/jest/bin/jest.js', ...process.argv.slice(2)], {
  NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  NX_DAEMON: 'false',
});
