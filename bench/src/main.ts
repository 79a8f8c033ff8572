// The benchmarks, by name. What they measured, and on what, is kept in docs/performance.md.
import { parseArgs } from 'node:util';
import { measureChecks } from './checks/measure-checks.js';

const benchmarks: Readonly<Record<string, (profiles?: string) => Promise<object>>> = { checks: measureChecks };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** One JSON object as the last line. */
    json: { type: 'boolean', default: false },
    /** A folder for processor profiles of every app, to be opened in a browser's developer tools. */
    profiles: { type: 'string' },
  },
});
const [name = ''] = positionals;
const benchmark = benchmarks[name];
if (benchmark === undefined) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(benchmarks).join('|')} [--json] [--profiles DIR]\n`);
  process.exit(2);
}
const figures = await benchmark(values.profiles);
process.stdout.write(values.json ? `${JSON.stringify({ [name]: figures })}\n` : `${table(figures)}\n`);

function table(measured: object): string {
  return Object.entries(measured)
    .map(([key, value]) => `${key.padEnd(24)}${String(value)}`)
    .join('\n');
}
