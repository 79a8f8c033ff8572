// For specs of code that starts child processes: import this first, and the children run from TypeScript too.

const loader = new URL('../../scripts/typescript.mjs', import.meta.url).href;
process.env['NODE_OPTIONS'] = `--conditions=development --import=${loader}`;
