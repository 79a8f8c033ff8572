// agreement: what a department's lawyer, its administrator and whoever signs for it do with data-sharing agreements.
import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { agreementHashOf } from '@anonymesh/protocol';
import { inWords, lintAgreements, sectionsOf, type Drafted } from '@anonymesh/trust';
import { readVerified, trustOptions, type TrustOptions } from '../directory/read-verified.js';
import { listKnown, publishingCommands } from '../publishing/commands.js';
import { named, No } from '../telling/no.js';
import { columns, done, paragraphs } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { compare, comparisonInWords } from './compare.js';
import { draftAgreement, type DraftOptions } from './draft.js';
import { readAgreement, readDrafts } from './read-agreements.js';
import { signFile } from './sign.js';
import { verdictOn } from './verify.js';

type NewOptions = DraftOptions & TrustOptions & { readonly out?: string };

const today = () => new Date().toISOString().slice(0, 10);

export function agreementCommands(say: Say): Command {
  const agreement = new Command('agreement').description('data-sharing agreements, as YAML files');

  trustOptions(agreement.command('new').description('write a draft to fill in'))
    .addOption(
      new Option('--kind <kind>', 'on one person, or on whom sets have in common')
        .choices(['check', 'set'])
        .default('check'),
    )
    .requiredOption('--id <id>', 'the agreement’s id, such as right-to-remain')
    .requiredOption('--parties <id...>', 'ids of all who take part, as the directory knows them')
    .option('--out <file>', 'write it there instead of printing it')
    .action(({ out, ...options }: NewOptions) => {
      const text = draftAgreement(options, readVerified(options).directory, new Date());
      if (out !== undefined) named(() => writeFileSync(out, text, { flag: 'wx' }));
      const lines = out === undefined ? text.trimEnd().split('\n') : `${out}: a draft, to be filled in`;
      say(done(lines, { file: out, text }));
    });

  agreement
    .command('show')
    .description('say in sentences what an agreement says')
    .argument('<file>')
    .action((file: string) => {
      const { content } = readAgreement(file);
      const sections = sectionsOf(content);
      const hash = agreementHashOf(content);
      const said = sections.map(({ heading, sentences }) => [heading, ...sentences.map(({ text }) => `  ${text}`)]);
      const head = [`${content.id}, version ${content.version}`, hash];
      say(done(paragraphs([head, ...said]), { hash, sections }));
    });

  agreement
    .command('lint')
    .description('look for what is wrong with agreements, each alone and all together')
    .argument('<paths...>', 'files, or folders of agreements')
    .action((paths: string[]) => say(lint(paths)));

  agreement
    .command('diff')
    .description('say in sentences what differs between two versions')
    .argument('<before>', 'the file of the earlier version')
    .argument('<now>', 'the file of the later version')
    .action((before: string, now: string) => {
      const [was, is] = [readAgreement(before).content, readAgreement(now).content];
      const comparison = compare(was, is);
      const head = `${is.title} (${is.id}): version ${was.version} and version ${is.version}`;
      say(
        done(paragraphs([[head], ...comparisonInWords(comparison)]), {
          before: agreementHashOf(was),
          now: agreementHashOf(is),
          ...comparison,
        }),
      );
    });

  agreement
    .command('sign')
    .description('sign an agreement for your party, with its identity key')
    .argument('<file>')
    .requiredOption('--key <file>', 'your identity key')
    .action(async (file: string, { key }: { key: string }) => {
      const { hash, party, file: written, missing } = await signFile(file, key, today());
      const rest = missing.length === 0 ? 'Nobody else is missing.' : `Still missing: ${missing.join(', ')}.`;
      say(
        done([`${written}: signed for ${party}.`, rest, 'All must have signed the same bytes:', `  ${hash}`], {
          hash,
          party,
          file: written,
          missing,
        }),
      );
    });

  trustOptions(
    agreement.command('verify').description('verify that all parties have signed, and that it is valid today'),
  )
    .argument('<file>')
    .action((file: string, options: TrustOptions) => {
      const verdict = verdictOn(readAgreement(file), readVerified(options).directory, today());
      const ok = verdict.state === 'signed by all' && verdict.unknown.length === 0;
      const lines = [
        `${verdict.title} (${verdict.id}), version ${verdict.version}: ${verdict.state}`,
        `  ${verdict.hash}`,
        `Signed: ${verdict.signed.join(', ') || 'nobody'}.`,
        ...(verdict.unsigned.length > 0 ? [`Not signed: ${verdict.unsigned.join(', ')}.`] : []),
        ...(verdict.unknown.length > 0
          ? [`Not in the directory with this identity and kind: ${verdict.unknown.join(', ')}.`]
          : []),
      ];
      say({ lines, json: { ok, ...verdict }, ok });
    });

  trustOptions(
    agreement
      .command('list')
      .description(
        'list the agreements that your node knows and how they stand, or those of a folder and who has signed',
      ),
  )
    .argument('[folder]', 'without it, what the node of --config knows')
    .action(async (folder: string | undefined, options: TrustOptions) => {
      if (folder === undefined && options.config !== undefined) return say(await listKnown(options.config));
      if (folder === undefined) throw new No('usage', 'name the folder, or say --config');
      const { directory } = readVerified(options);
      const read = readDrafts([folder]);
      const verdicts = read.flatMap((each) => ('content' in each ? [verdictOn(each, directory, today())] : []));
      const flaws = read.flatMap((each) => ('flaws' in each ? each.flaws : []));
      const rows = verdicts.map(({ id, version, state, signed, unsigned, hash, title }) => {
        return [id, String(version), state, `${signed.length} of ${signed.length + unsigned.length}`, hash, title];
      });
      const lines = [
        ...columns([['agreement', 'version', 'state', 'signed', 'hash', 'title'], ...rows]),
        ...flaws.map(inWords),
      ];
      say({ lines, json: { agreements: verdicts, flaws }, ok: flaws.length === 0 });
    });
  publishingCommands(agreement, say);
  return agreement;
}

function lint(paths: readonly string[]) {
  const read = readDrafts(paths);
  const flaws = read.flatMap((each) => ('flaws' in each ? each.flaws : []));
  const drafts = read.filter((each): each is Drafted => 'content' in each);
  const findings = lintAgreements(drafts, today());
  const faults = findings.filter(({ severity }) => severity === 'fault');
  const ok = flaws.length + faults.length === 0;
  const lines = [
    ...flaws.map((flaw) => `${inWords(flaw)}`),
    ...findings.map(({ severity, flaw }) => `${inWords(flaw)} (${severity})`),
    `${read.length} read: ${flaws.length + faults.length} faults, ${findings.length - faults.length} remarks.`,
  ];
  return { lines, json: { ok, flaws, findings }, ok };
}
