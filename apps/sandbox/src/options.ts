// What can be said to the sandbox on its command line.
import { parseArgs } from 'node:util';
import { applicant, exampleSizes, samples, type Sample, type Sizes } from '@anonymesh/examples';

export interface SandboxOptions {
  /** Stop after the story. */
  readonly once: boolean;
  /** End with one JSON object as the last line. */
  readonly json: boolean;
  /** Keep everything under this folder; a temporary one is used and removed unless told. */
  readonly dir: string | undefined;
  readonly subject: Sample;
  /** Of the lists of children at risk. */
  readonly sizes: Partial<Sizes>;
}

export const usage = `usage: npm start -- [--once] [--json] [--dir DIR] [--subject NI] [--children H,P,C]

  --once        stop after the story; exit code 0 only if it went right
  --json        print one JSON object as the last line
  --dir DIR     keep everything that is written under DIR (a new or empty folder)
  --children H,P,C
                how many children the health trust and the police have on record, and how many both have a
                concern about (${exampleSizes.healthTrust},${exampleSizes.police},${exampleSizes.common} unless told)
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
    children: { type: 'string', default: '' },
  } as const;
  try {
    const { once, json, dir, subject, children } = parseArgs({ args: [...args], options }).values;
    const wanted = subject.toUpperCase().replace(/\s/g, '');
    const found = samples.find(({ fields }) => fields.niNumber === wanted);
    if (found === undefined) return 'no sample person has that number';
    const sizes = sizesIn(children);
    return typeof sizes === 'string' ? sizes : { once, json, dir, subject: found, sizes };
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

function sizesIn(text: string): Partial<Sizes> | string {
  if (text === '') return {};
  const [healthTrust, police, common, ...more] = text.split(',').map(Number);
  const told = [healthTrust, police, common];
  if (more.length > 0 || !told.every((size) => Number.isInteger(size))) return '--children wants three numbers';
  return { healthTrust: healthTrust ?? 0, police: police ?? 0, common: common ?? 0 };
}
