// The set-up installs packages when what is there is not what the lock file names, however it came there.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runNode } from '../boundary/run-node.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'anonymesh-set-up-'));
  await mkdir(join(dir, 'node_modules'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const one = { 'node_modules/one': { version: '1.0.0', integrity: 'sha512-one' } };
const elsewhere = { 'node_modules/elsewhere': { version: '1.0.0', integrity: 'sha512-else', optional: true } };
const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });
const wanted = lock({ '': { name: 'all' }, ...one, ...elsewhere });

async function areInstalled(named: string, there?: string): Promise<boolean> {
  const written = join(dir, 'node_modules', '.package-lock.json');
  await writeFile(join(dir, 'package-lock.json'), named);
  await (there === undefined ? rm(written, { force: true }) : writeFile(written, there));
  const script = `import { areInstalled } from ${JSON.stringify(join(root, 'scripts/setup.mjs'))};
    console.log(areInstalled(${JSON.stringify(dir)}));`;
  const { stdout, stderr } = await runNode({ args: ['--input-type=module', '--eval', script] });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as boolean;
}

describe('packages', () => {
  it('are installed where npm has put all of them, but for those of other machines', async () => {
    expect(await areInstalled(wanted, lock(one))).toBe(true);
    expect(await areInstalled(wanted, lock({ ...one, ...elsewhere }))).toBe(true);
  });

  it.each([
    ['nothing was installed', undefined],
    ['one is missing', lock({})],
    ['one has another version', lock({ 'node_modules/one': { version: '1.0.1', integrity: 'sha512-one' } })],
    ['one has other contents', lock({ 'node_modules/one': { version: '1.0.0', integrity: 'sha512-two' } })],
    ['npm was cut short while it wrote', lock(one).slice(0, -4)],
    ['npm wrote nothing', ''],
    ['it is no list', '{}'],
  ])('are not where %s', async (_, there) => {
    expect(await areInstalled(wanted, there)).toBe(false);
  });

  it('are not where the lock file cannot be read: npm says what is wrong with it', async () => {
    expect(await areInstalled('<<<<<<< ours', lock(one))).toBe(false);
  });
});
