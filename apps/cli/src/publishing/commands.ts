// What the commands of an agreement do with a party's own node: publish, fetch what others have published, withdraw, list.
import { writeFileSync } from 'node:fs';
import { standingInWords } from '@anonymesh/standing';
import { InvalidArgumentError, type Command } from 'commander';
import { stringify } from 'yaml';
import { signaturesFileOf } from '../agreement/read-agreements.js';
import type { Say } from '../telling/run.js';
import { named } from '../telling/no.js';
import { columns, done, type Told } from '../telling/told.js';
import { choose } from './choose.js';
import { documentsAt, knownTo, ownNode } from './own-node.js';
import { publish } from './publish.js';
import { withdraw } from './withdraw.js';

interface OfNode {
  readonly config: string;
}
interface OfVersion extends OfNode {
  readonly version?: number;
  readonly hash?: string;
}

const today = () => new Date().toISOString().slice(0, 10);

export function publishingCommands(agreement: Command, say: Say): void {
  ofNode(
    agreement.command('publish').description('give an agreement that you have signed to your node, which tells all'),
  )
    .argument('<file>')
    .action(async (file: string, { config }: OfNode) => {
      const node = ownNode(config);
      const { signed, file: written } = publish(file, node, await documentsAt(config, node), today());
      const { hash, unsigned, content } = signed;
      const rest =
        unsigned.length === 0 ? 'All parties have signed it.' : `It waits for signatures: ${unsigned.join(', ')}.`;
      const head = `${content.title} (${content.id}), version ${content.version}: published.`;
      say(done([head, `  ${hash}`, rest], { hash, file: written, unsigned }));
    });

  ofVersion(
    agreement.command('fetch').description('write an agreement that others have published to a file, to sign it'),
  )
    .argument('<id>')
    .requiredOption('--out <file>', 'where to; its signatures go beside it')
    .action(async (id: string, { config, out, ...wanted }: OfVersion & { readonly out: string }) => {
      const known = await documentsAt(config, ownNode(config));
      const { content, hash, signatures, unsigned } = choose(known, { id, ...wanted });
      named(() => writeFileSync(out, stringify(content), { flag: 'wx' }));
      named(() =>
        writeFileSync(signaturesFileOf(out), `${JSON.stringify(signatures, undefined, 2)}\n`, { flag: 'wx' }),
      );
      const head = `${out}: ${content.title} (${id}), version ${content.version}`;
      const rest = `Not signed: ${unsigned.join(', ') || 'nobody is missing'}.`;
      say(done([head, `  ${hash}`, rest], { hash, file: out, unsigned }));
    });

  ofVersion(agreement.command('withdraw').description('withdraw your party from an agreement, for ever'))
    .argument('<id>')
    .option('--key <file>', 'your identity key, in place of your node’s signing key')
    .action(async (id: string, { config, key, ...wanted }: OfVersion & { readonly key?: string }) => {
      const node = ownNode(config);
      const known = await documentsAt(config, node);
      const { signed, file } = await withdraw(choose(known, { id, ...wanted }), node, key ?? node.signing, Date.now());
      const { content, hash } = signed;
      const text = [
        `${content.title} (${id}), version ${content.version}: withdrawn by ${node.party}, for ever.`,
        `  ${hash}`,
        'Your node tells the other parties within seconds, or when it starts. What is open under it becomes refer.',
      ];
      say(done(text, { hash, file, party: node.party }));
    });
}

/** What the node of that config knows, and how each agreement stands. */
export async function listKnown(config: string): Promise<Told> {
  const now = Date.now();
  const node = ownNode(config);
  const unread: string[] = [];
  const known = await knownTo(config, node, now, (why) => unread.push(why));
  const listed = known
    .map(({ signed, standing }) => {
      const { id, version, title } = signed.content;
      const inWords = standingInWords(standing, signed.content, now);
      return { id, version, title, hash: signed.hash, unsigned: signed.unsigned, ...standing, inWords };
    })
    .sort((a, b) => a.id.localeCompare(b.id) || a.version - b.version);
  const rows = listed.map(({ id, version, inWords, hash, title }) => [id, String(version), inWords, hash, title]);
  const lines = [...columns([['agreement', 'version', 'how it stands', 'hash', 'title'], ...rows]), ...unread];
  return { lines, json: { party: node.party, agreements: listed, unread }, ok: unread.length === 0 };
}

function ofNode(command: Command): Command {
  return command.requiredOption('--config <file>', 'the config of your node');
}

function ofVersion(command: Command): Command {
  return ofNode(command)
    .option('--version <number>', 'else the newest that all have signed', (text) => {
      if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
      throw new InvalidArgumentError('it is a whole number.');
    })
    .option('--hash <hash>', 'where there are two documents of one version');
}
