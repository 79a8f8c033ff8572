import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const script = fileURLToPath(new URL('../../scripts/bench.mjs', import.meta.url));
const usage = 'usage: npm run bench -- checks';

function bench(...args: readonly string[]) {
  const { NODE_OPTIONS: _jests, ...env } = process.env;
  return spawnSync(process.execPath, [script, ...args], { env, encoding: 'utf8' });
}

it('says how it is used', () => {
  expect(bench('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining(usage), stderr: '' });
});

it.each([
  { what: 'no benchmark', args: [], says: usage },
  { what: 'an unknown benchmark', args: ['toString'], says: usage },
  { what: 'a size that cannot be measured', args: ['psi', '--elements', '99'], says: usage },
  { what: 'an unknown option', args: ['psi', '--sizes', '1000'], says: `Unknown option '--sizes'` },
  {
    what: 'an option without its value',
    args: ['psi', '--engine'],
    says: `Option '--engine <value>' argument missing`,
  },
])('refuses $what, with the usage', ({ args, says }) => {
  const { status, stdout, stderr } = bench(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.startsWith(says)).toBe(true);
  expect(stderr).toContain(usage);
  expect(stderr).not.toMatch(/^ {4}at /m);
});
