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

  it('tells all faults at once, each with its line and column, its key and what to do', () => {
    const told = faultsIn('listen: {port: 70000, hots: x}\nstore: s\nkey: absent.key\nmode: hunter2\nextra: 1\n');
    expect(told.split('\n').filter(Boolean)).toEqual([
      'app.yaml:1:9: listen.host: missing (add it: string)',
      'app.yaml:1:16: listen.port: Too big: expected number to be <=65535 (correct the value)',
      'app.yaml:1:29: listen.hots: no such key (correct its spelling or remove it)',
      'app.yaml:3:6: key: no such file (create the secret, or correct the path)',
      'app.yaml:4:7: mode: Invalid option: expected one of "busy"|"idle" (correct the value)',
      'app.yaml:5:8: extra: no such key (correct its spelling or remove it)',
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

  it.each([
    ['listen: {host: h, port: 1}\nkey: "never closed\n', /^app\.yaml:3:1: not YAML \([A-Z_]+\)/],
    ['listen: {host: h, port: 1}\nkey: a\nkey: b\n', /^app\.yaml:3:1: not YAML \(DUPLICATE_KEY\)/],
    ['# nothing\n', /^app\.yaml:\d+:\d+: Invalid input/],
    ['- a\n', /^app\.yaml:1:1: Invalid input/],
    ['listen: {host: h, port: 1}\nstore: s\nkey:\n', /^app\.yaml:3:5: key: /],
    ['tags:\n  - name: a\n  - nam: b\n', /^app\.yaml:3:5: tags\.1\.name: missing/m],
    ['tags: &tags\n  - name: 5\nlisten: *tags\n', /^app\.yaml:2:11: tags\.0\.name: /m],
  ])('says line and column of what is wrong in %j', (text, expected) => {
    expect(faultsIn(text)).toMatch(expected);
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
