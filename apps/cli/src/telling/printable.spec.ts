import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import fc from 'fast-check';
import { No } from './no.js';
import { run, type Say } from './run.js';
import { columns, done } from './told.js';

/** Erases a line and goes up, in both spellings; turns a line round; looks like another row; is not there to be seen. */
const hostile = [
  '\u001b[2K\u001b[1A',
  '\u009b2K',
  '\u202eevil\u202c',
  '\u2067\u2069',
  '\r',
  '\nrow',
  '\u2028',
  '\u200b',
];

async function told(args: readonly string[], tell: (say: Say) => void) {
  const [out, error]: [string[], string[]] = [[], []];
  const build = (say: Say) => {
    const command = new Command('mesh').option('--json').action(() => tell(say));
    return command;
  };
  const code = await run(build, args, { out: (text) => out.push(text), error: (text) => error.push(text) });
  return { code, out: out.join('\n'), error: error.join('\n') };
}

describe('what others wrote', () => {
  it.each(hostile)('%j stays in its line, and steers nothing', async (text) => {
    const rows = columns([
      ['name', `${text}x`],
      ['purpose', `${text}.`],
    ]);
    const { out } = await told([], (say) => say(done(rows, {})));
    expect(out.split('\n')).toHaveLength(2);
    expect(out).not.toMatch(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/u);
    expect(out).toMatch(/^name +\ufffd/);
  });

  it.each(hostile)('%j steers nothing in a message either', async (text) => {
    const no = await told([], () => {
      throw new No('refused', [`${text}: no`, 'really']);
    });
    expect(no.error.split('\n')).toEqual([expect.stringMatching(/^\ufffd.*: no$/u), 'really']);
    const fault = await told([], () => {
      throw new Error(text);
    });
    expect(fault.error).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  });

  it('is the same to programs, and steers nothing there', async () => {
    const text = fc.string({ unit: fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' })) });
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const { out } = await told(['--json'], (say) => say(done('', { value })));
        expect(JSON.parse(out)).toEqual({ value });
        expect(out).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
