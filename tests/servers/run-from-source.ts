// For specs of code that starts child processes: import this first, and the children run from TypeScript too.
import { pathToFileURL } from 'node:url';

const loader = pathToFileURL(`${import.meta.dirname}/from-source.mjs`).href;
process.env['NODE_OPTIONS'] = `--conditions=development --import=${loader}`;
