// The benchmarks, by name. What they measured, and on what, is kept in docs/performance.md.
import { measureChecks } from './checks/measure-checks.js';

const benchmarks: Readonly<Record<string, () => Promise<object>>> = { checks: measureChecks };

const [name = '', ...options] = process.argv.slice(2);
const benchmark = benchmarks[name];
if (benchmark === undefined || options.some((option) => option !== '--json')) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(benchmarks).join('|')} [--json]\n`);
  process.exit(2);
}
const figures = await benchmark();
process.stdout.write(options.includes('--json') ? `${JSON.stringify({ [name]: figures })}\n` : `${table(figures)}\n`);

function table(measured: object): string {
  return Object.entries(measured)
    .map(([key, value]) => `${key.padEnd(24)}${String(value)}`)
    .join('\n');
}
