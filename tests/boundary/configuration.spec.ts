// docs/configuration.md is written from the schemas of the apps and of the operator's file: it must be what would be written now.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { root } from './run-node.js';

describe('docs/configuration.md', () => {
  it('is what the schemas say', () => {
    const { NODE_OPTIONS: _jests, ...env } = process.env;
    const { status, stderr } = spawnSync(process.execPath, ['scripts/write-configuration.mjs', '--check'], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  }, 30_000);
});
