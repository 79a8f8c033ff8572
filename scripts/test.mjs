// npm test: sets up what is missing, then runs all tests (or those whose path is given) on Node 24. A failed test that
// leaves a connection open must not keep the run from ending.
import { join } from 'node:path';
import { root, runOnNode, setUp } from './setup.mjs';

setUp({ tests: true });
process.exitCode = await runOnNode(['node_modules/jest/bin/jest.js', '--forceExit', ...process.argv.slice(2)], {
  NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  NX_DAEMON: 'false',
  // A mesh is eight processes of the same programs: what one has compiled, the others need not.
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node'),
});
