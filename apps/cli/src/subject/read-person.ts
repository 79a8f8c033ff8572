// Reads who the person is: at a terminal a prompt that shows nothing of what is typed, else the input to its end.
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { No } from '../telling/no.js';

export async function readPerson(input: NodeJS.ReadStream = process.stdin): Promise<string> {
  const typed = input.isTTY ? await prompt(input) : await text(input);
  const value = typed.trim();
  if (value === '') throw new No('usage', 'nobody was named on the input');
  return value;
}

async function prompt(input: NodeJS.ReadStream): Promise<string> {
  process.stderr.write('The person (not shown): ');
  const nowhere = new Writable({ write: (_chunk, _encoding, written) => written() });
  const asking = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  try {
    return await asking.question('');
  } finally {
    asking.close();
    process.stderr.write('\n');
  }
}
