// keys rotate, keys sign: the two halves of a rotation, at the node’s machine and where the identity key is kept.
import { type Command, Option } from 'commander';
import { readVerified, trustOptions, type TrustOptions } from '../../directory/read-verified.js';
import { No } from '../../telling/no.js';
import type { Say } from '../../telling/run.js';
import { done } from '../../telling/told.js';
import { retire } from './retire.js';
import { nextSteps, rotate, type RotateOptions } from './rotate.js';
import { shown, signRequest, type SignOptions } from './sign-request.js';

export function addRotating(keys: Command, say: Say): void {
  keys
    .command('rotate')
    .description('make new keys beside the old, or revoke stolen ones, and the entry that says so')
    .requiredOption('--config <file>', 'the node’s config')
    .option('--out <file>', 'where the request for an entry is written, or the entry; a new file')
    .option('--identity <file>', 'the identity key, where it is here; else sign with mesh keys sign')
    .option('--from <time>', 'when the new keys begin; every party must have the directory by then (default: in a day)')
    .option('--days <number>', 'for how long the new keys are valid', '365')
    .option('--overlap <number>', 'for how many days after that the old ones are', '30')
    .option('--revoke <ids...>', 'keys that may be in other hands; new ones are made where none is left', [])
    .option('--at <time>', 'since when they may be (default: now)')
    .option('--again', 'make the request once more, of keys that were made before')
    .addOption(
      new Option('--retire', 'remove files of keys that nothing needs any more').conflicts(['out', 'revoke', 'again']),
    )
    .action(async (options: Partial<RotateOptions> & { config: string; retire?: true }) => {
      if (options.retire === true) return tellRetired(options.config, say);
      if (options.out === undefined) throw new No('usage', 'say --out, where the entry is written; or --retire');
      const rotated = await rotate(options as RotateOptions, Date.now());
      const { file, party, entry, made } = rotated;
      const next = nextSteps(rotated);
      const head = `${file}: entry ${entry.serial} of ${party}, ${rotated.isSigned ? 'signed' : 'to be signed'}`;
      const files = made.length === 0 ? [] : ['', ...made.map((each) => `${each.file}: new`)];
      const steps = ['', 'Next:', ...next.map((step, index) => `${index + 1}. ${step}`)];
      const lines = [head, '', ...shown(entry), ...files, ...steps];
      say(done(lines, { ...rotated, next }));
    });

  trustOptions(
    keys
      .command('sign')
      .description('sign a request for an entry, where the identity key is kept')
      .argument('<request>', 'as mesh keys rotate wrote it')
      .requiredOption('--identity <file>', 'the identity key')
      .requiredOption('--out <file>', 'where the signed entry is written; a new file'),
  ).action(async (request: string, options: SignOptions & TrustOptions) => {
    const isKnown = options.config !== undefined || options.directory !== undefined;
    const directory = isKnown ? readVerified(options).directory : undefined;
    const entry = await signRequest(request, options, (id) => directory?.parties.get(id));
    const head = `${options.out}: entry ${entry.serial} of ${entry.id}, signed. Compare with what the node’s machine showed:`;
    say(done([head, '', ...shown(entry)], { file: options.out, entry }));
  });
}

async function tellRetired(config: string, say: Say): Promise<void> {
  const { removed, kept } = await retire(config, Date.now());
  const gone = removed.map(({ kind, id }) => `removed: ${kind} ${id}`);
  const rest = kept.map(({ file, why }) => `kept: ${file} (${why})`);
  say(done([...gone, ...rest], { removed, kept }));
}
