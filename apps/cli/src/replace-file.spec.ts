import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { replaceFile } from './replace-file.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-replace-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file that is put in the place of another', () => {
  it('has its text and its mode, and leaves nothing beside it', () => {
    const file = join(folder, 'key.pem');
    writeFileSync(file, 'before', { mode: 0o644 });
    replaceFile(file, 'after', 0o600);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['after', 0o600]);
    expect(readdirSync(folder)).toEqual(['key.pem']);
  });

  it('leaves alone what somebody laid beside it', () => {
    const file = join(folder, 'list.json');
    writeFileSync(`${file}.new`, 'of another');
    replaceFile(file, 'ours');
    expect(readFileSync(`${file}.new`, 'utf8')).toBe('of another');
  });

  it('leaves nothing where it cannot be put there', () => {
    const taken = join(folder, 'taken');
    mkdirSync(taken);
    expect(() => replaceFile(taken, 'text')).toThrow(expect.objectContaining({ kind: 'usage' }));
    expect(() => replaceFile(join(folder, 'none', 'file'), 'text')).toThrow(expect.objectContaining({ kind: 'usage' }));
    expect(readdirSync(folder).filter((name) => name.startsWith('taken.'))).toEqual([]);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
