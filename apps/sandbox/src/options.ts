// What can be said to the sandbox on its command line.
import { parseArgs } from 'node:util';
import { applicant, samples, type Sample } from '@anonymesh/examples';

export interface SandboxOptions {
  /** Stop after the story. */
  readonly once: boolean;
  /** End with one JSON object as the last line. */
  readonly json: boolean;
  /** Keep everything under this folder; a temporary one is used and removed unless told. */
  readonly dir: string | undefined;
  readonly subject: Sample;
}

export const usage = `usage: npm start -- [--once] [--json] [--dir DIR] [--subject NI]

  --once        stop after the story; exit code 0 only if it went right
  --json        print one JSON object as the last line
  --dir DIR     keep everything that is written under DIR (a new or empty folder)
  --subject NI  ask about another sample person:
${samples.map(({ fields, story }) => `                ${fields.niNumber}  ${story}`).join('\n')}
`;

/** The options, or what is wrong with them. */
export function readOptions(args: readonly string[]): SandboxOptions | string {
  const options = {
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    dir: { type: 'string' },
    subject: { type: 'string', default: applicant.fields.niNumber },
  } as const;
  try {
    const { once, json, dir, subject } = parseArgs({ args: [...args], options }).values;
    const wanted = subject.toUpperCase().replace(/\s/g, '');
    const found = samples.find(({ fields }) => fields.niNumber === wanted);
    return found === undefined ? 'no sample person has that number' : { once, json, dir, subject: found };
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}
