import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { checkConfig } from './config.js';
import { printFaults } from './config-fault.js';
import { path, secretFile } from './config-path.js';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
const schema = z.strictObject({
  listen: z.strictObject({ host: z.string(), port: z.int().min(0).max(65_535) }),
  store: path(),
  key: secretFile(),
  mode: z.enum(['busy', 'idle']).default('idle'),
  tags: z.array(z.strictObject({ name: z.string() })).default([]),
});

let files = 0;
function written(text: string, mode = 0o600): string {
  const file = join(folder, `file-${files++}.yaml`);
  writeFileSync(file, text, { mode });
  chmodSync(file, mode);
  return file;
}

function faultsIn(text: string): string {
  const reading = checkConfig(schema, ['node', 'main.js', '--config', written(text)]);
  if (reading.ok) throw new Error('expected faults');
  return printFaults('app.yaml', reading.faults);
}

describe('the config of an app', () => {
  it('is parsed, with paths that start at the folder of the file, and frozen to the bottom', () => {
    writeFileSync(join(folder, 'signing.key'), 'k', { mode: 0o600 });
    const file = written(
      'listen: {host: 127.0.0.1, port: 0}\nstore: data/store.db\nkey: signing.key\ntags: [{name: a}]\n',
    );
    const reading = checkConfig(schema, ['node', 'main.js', '--config', file]);
    if (!reading.ok) throw new Error(printFaults(file, reading.faults));
    expect(reading.config).toMatchObject({ store: join(folder, 'data/store.db'), key: join(folder, 'signing.key') });
    expect(() => Object.assign(reading.config.listen, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(reading.config.tags[0] ?? {}, { name: 'b' })).toThrow(TypeError);
  });

  it('tells all faults at once, each with its key and what to do', () => {
    const told = faultsIn('listen: {port: 70000, hots: x}\nstore: s\nkey: absent.key\nmode: hunter2\nextra: 1\n');
    expect(told.split('\n').filter(Boolean)).toEqual([
      'app.yaml: listen.host: missing (add it: string)',
      'app.yaml: listen.port: Too big: expected number to be <=65535 (correct the value)',
      'app.yaml: listen.hots: no such key (correct its spelling or remove it)',
      'app.yaml: key: no such file (create the secret, or correct the path)',
      'app.yaml: mode: Invalid option: expected one of "busy"|"idle" (correct the value)',
      'app.yaml: extra: no such key (correct its spelling or remove it)',
    ]);
  });

  it.each([
    ['listen: {host: h, port: hunter2}\nstore: [hunter2]\nkey: {hunter2: 1}\nmode: hunter2\n'],
    ['key: "hunter2\nstore: hunter2\n  - hunter2: }'],
    ['hunter2'],
    ['key: hunter2\nkey: hunter2\n'],
  ])('repeats no value of a file with faults: %j', (text) => {
    expect(faultsIn(text).replace('key.hunter2', '')).not.toContain('hunter2');
  });

  it('names the line of a fault in the YAML itself', () => {
    expect(faultsIn('listen: {host: h, port: 1}\nkey: "never closed\n')).toMatch(
      /^app\.yaml: line \d: not YAML \([A-Z_]+\)/,
    );
  });

  it.each([
    [0o640, 'others may use this file'],
    [0o604, 'others may use this file'],
    [0o700, 'others may use this file'],
  ])('refuses a secret of mode %o', (mode, fault) => {
    const secret = written('s', mode);
    expect(faultsIn(`listen: {host: h, port: 1}\nstore: s\nkey: ${secret}\n`)).toContain(`key: ${fault}`);
  });

  it('takes a secret that even its owner cannot write', () => {
    const file = written(`listen: {host: h, port: 1}\nstore: s\nkey: ${written('s', 0o400)}\n`);
    expect(checkConfig(schema, ['node', 'main.js', '--config', file]).ok).toBe(true);
  });

  it.each([[[]], [['--config']], [['--config=']], [['--config', join(folder, 'absent.yaml')]], [['--config', folder]]])(
    'has faults when started with %j',
    (args) => {
      expect(checkConfig(schema, ['node', 'main.js', ...args])).toMatchObject({ ok: false, faults: [{ key: '' }] });
    },
  );

  it('needs a schema that is strict everywhere', () => {
    const loose = z.strictObject({ limits: z.array(z.object({ most: z.number() })) });
    expect(() => checkConfig(loose, [])).toThrow('not strict');
  });
});
