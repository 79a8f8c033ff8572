import { describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { mesh, meshJson } from '../fixtures/mesh.js';

const bin = fileURLToPath(new URL('../../bin/mesh.mjs', import.meta.url));

const promised = {
  keys: ['new', 'show', 'rotate'],
  directory: ['show', 'verify', 'add', 'sign'],
  agreement: ['new', 'lint', 'diff', 'sign', 'verify', 'publish', 'withdraw', 'list'],
  template: ['hash', 'try'],
  query: ['ask', 'status', 'watch'],
  approvals: ['list', 'approve', 'refuse'],
  evidence: ['verify', 'show', 'export', 'receipt'],
  subject: ['find', 'erase'],
  doctor: [''],
} as const;

describe('the command line', () => {
  it.each([
    ['no command', []],
    ['half a command', ['agreement']],
    ['an unknown command', ['agreements']],
    ['an unknown option', ['keys', 'show', 'x', '--loud']],
    ['an argument missing', ['keys', 'show']],
    ['an option missing', ['agreement', 'sign', 'x.yaml']],
    ['a choice that is none', ['keys', 'new', 'x', '--kind', 'spy']],
    ['a file that is not there', ['agreement', 'lint', '/nowhere/at-all.yaml']],
  ])('with %s ends with 2, says why, and prints no stack', async (_what, args) => {
    const { code, out, error } = await mesh(...args);
    expect([code, out]).toEqual([2, '']);
    expect(error.length).toBeGreaterThan(10);
    expect(error).not.toMatch(/\n\s+at /);
  });

  it('says of every command what it is for, and takes --json with each', async () => {
    const within = async (group: string) => {
      const { candidates } = (await meshJson('complete', '--', group, '')).json as { candidates: string[] };
      return candidates.filter((each) => !each.startsWith('-'));
    };
    const groups = (await meshJson('complete', '--', '')).json.candidates as string[];
    const said: string[] = [];
    for (const group of groups.filter((each) => each !== 'completion')) {
      const names = await within(group);
      for (const command of names.length === 0 ? [[group]] : names.map((name) => [group, name])) {
        const { code, out } = await mesh(...command, '--help');
        expect([command, code, out]).toEqual([command, 0, expect.stringContaining('--json')]);
        said.push(command.join(' '));
      }
    }
    for (const [group, names] of Object.entries(promised))
      for (const name of names) expect(said).toContain(`${group} ${name}`.trim());
  });

  it('as JSON says a failure on its output, as one object', async () => {
    const { code, json } = await meshJson('agreement', 'lint', '/nowhere/at-all.yaml');
    expect([code, json.error.kind]).toEqual([2, 'usage']);
  });

  it('completes groups, commands, options and choices', async () => {
    const complete = async (...words: string[]) => (await meshJson('complete', '--', ...words)).json.candidates;
    expect(await complete('')).toEqual([
      'keys',
      'ca',
      'directory',
      'party',
      'broker',
      'agreement',
      'template',
      'evidence',
      'query',
      'approvals',
      'subject',
      'doctor',
      'backup',
      'completion',
    ]);
    expect(await complete('agreement', 'di')).toEqual(['diff']);
    expect(await complete('agreement', 'sign', '--k')).toEqual(['--key']);
    expect(await complete('keys', 'new', 'x', '--kind', 'h')).toEqual(['holder']);
    expect(await complete('keys', 'new', 'x', '--person', '')).toEqual([]);
    expect(await complete('query', '')).toEqual(['ask', 'list', 'status', 'watch', 'retract', 'records']);
    expect(await complete('query', 'ask', 'x', '--s')).toEqual(['--subject-file']);
    expect(await complete('approvals', 'refuse', 'x', '--r')).toEqual(['--reason']);
    expect(await complete('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    for (const shell of ['bash', 'zsh', 'fish'])
      expect((await mesh('completion', shell)).out).toContain('mesh complete');
  });

  it('gives bash a script that it takes', async () => {
    const { out } = await mesh('completion', 'bash');
    const { status, stderr } = spawnSync('bash', ['-c', `${out}\ncomplete -p mesh`], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('is a program', () => {
    const { status, stdout } = spawnSync(process.execPath, [bin, '--help'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('Usage: mesh')]);
  });
});
