// The benchmarks, by name. What they measured, and on what, is kept in docs/performance.md.
import { parseArgs } from 'node:util';
import { measureChecks } from './checks/measure-checks.js';
import { orLeave } from './leaving.js';
import { measurePages } from './pages/measure-pages.js';
import { measurePsi } from './psi/measure-psi.js';
import { readOptions } from './psi/options.js';
import { measureScale } from './scale/measure-scale.js';

const usage = `usage: npm run bench -- checks [--profiles DIR] [--json]
       npm run bench -- pages [--json]
       npm run bench -- scale [--json]
       npm run bench -- psi [--elements N,…] [--mode count|on-match] [--without engines|library|mesh|psi-js] [--engine NAME,…]
                             [--profiles DIR] [--json]
`;

const { values, positionals } = readArguments();
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const [name = ''] = positionals;
const psi = readOptions(values);
const benchmarks: Readonly<Record<string, () => Promise<object>>> = {
  checks: () => measureChecks(values.profiles),
  pages: measurePages,
  scale: measureScale,
  ...(psi === undefined ? {} : { psi: () => measurePsi(psi) }),
};
const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (benchmark === undefined) refuse();
const figures = await orLeave(benchmark);
process.stdout.write(values.json ? `${JSON.stringify({ [name]: figures })}\n` : `${table(figures)}\n`);

function table(measured: object): string {
  return Object.entries(measured)
    .filter(([key]) => key !== 'series')
    .map(([key, value]) => `${key.padEnd(34)}${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join('\n');
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', default: false },
        /** One JSON object as the last line. */
        json: { type: 'boolean', default: false },
        /** Of checks and psi: a folder for processor profiles of every app, to be opened in a browser's developer tools. */
        profiles: { type: 'string' },
        /** Of psi: records of each holder; of several sizes a plot is drawn. */
        elements: { type: 'string' },
        mode: { type: 'string' },
        without: { type: 'string', multiple: true },
        engine: { type: 'string' },
      },
    });
  } catch (error) {
    if (error instanceof TypeError) refuse(`${error.message}\n`);
    throw error;
  }
}

function refuse(why = ''): never {
  process.stderr.write(`${why}${usage}`);
  process.exit(2);
}
