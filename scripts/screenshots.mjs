// npm run screenshots: sets up what is missing, then takes the pictures of the pages that the README and docs/ show.
import { runOnNode, setUp } from './setup.mjs';

setUp({ browser: true });
const run = ['--conditions=development', '--import', './scripts/typescript.mjs', 'tests/browser/take-screenshots.ts'];
process.exitCode = await runOnNode(run);
