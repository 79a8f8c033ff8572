import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { peakOf, peaksByName, readStatus, watchPeaks } from './peak-memory.js';

const status =
  'Name:\tnode\nState:\tS (sleeping)\nTgid:\t12\nPid:\t12\nPPid:\t7\nVmPeak:\t 9999 kB\nVmHWM:\t    2048 kB\n';

describe('the status of a process', () => {
  it('tells who started it and the most memory that it had in use', () => {
    expect(readStatus(status)).toEqual({ pid: 12, parent: 7, peakMB: 2 });
  });

  it.each(['', 'Name:\tkthreadd\nPid:\t2\nPPid:\t0\n', status.replace('PPid', 'NSpid')])('is none: %p', (text) => {
    expect(readStatus(text)).toBe(undefined);
  });
});

describe('peaks by name', () => {
  const all = [
    { pid: 10, parent: 1, peakMB: 100 },
    { pid: 11, parent: 10, peakMB: 30 },
    { pid: 12, parent: 11, peakMB: 50 },
    { pid: 13, parent: 10, peakMB: 40 },
    { pid: 20, parent: 1, peakMB: 900 },
  ];

  it('keep what a process starts apart from itself, and leave out everybody else', () => {
    const peaks = peaksByName(new Map([[10, 'police']]), all);
    expect(Object.fromEntries(peaks)).toEqual({ police: 100, 'police/child': 50 });
  });

  it('do not go round in a circle of parents that has no root', () => {
    expect(peaksByName(new Map([[1, 'none']]), [{ pid: 5, parent: 0, peakMB: 1 }]).size).toBe(0);
  });

  it('are seen of a real process and of its child', async () => {
    const held =
      'const held = Buffer.alloc(80 * 2 ** 20, 1); process.stdout.write(String(held.length)); process.stdin.resume()';
    const holding = `require('child_process').spawn(process.execPath, ['-e', '${held}'], { stdio: 'inherit' })`;
    // Both end with their input.
    const parent = spawn(process.execPath, ['-e', holding], { stdio: ['pipe', 'pipe', 'inherit'] });
    const watch = watchPeaks(new Map([[parent.pid ?? 0, 'holder']]));
    await once(parent.stdout, 'data');
    const peaks = await watch.stop();
    parent.stdin.end();
    await once(parent, 'exit');
    expect(peaks.get('holder/child')).toBeGreaterThan(80);
    expect(peaks.get('holder')).toBeGreaterThan(10);
  });

  it('are known of this process, and of none that is not there', async () => {
    expect(await peakOf(process.pid)).toBeGreaterThan(10);
    await expect(peakOf(2 ** 22 + 1)).rejects.toThrow('no process');
  });
});
