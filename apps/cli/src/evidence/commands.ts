// evidence: what an administrator hands over of a party's log, and what an auditor makes of it, offline.
import { readFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Command } from 'commander';
import { writeLog } from '@anonymesh/evidence';
import { queryId, type QueryId } from '@anonymesh/protocol';
import { receipt } from '@anonymesh/receipts';
import { readKeyFile } from '@anonymesh/trust';
import { readVerified, trustOptions, type TrustOptions } from '../directory/read-verified.js';
import { instantOf, named, No } from '../telling/no.js';
import type { Say } from '../telling/run.js';
import { columns, done } from '../telling/told.js';
import { originIn, withinStore } from './own-log.js';
import { cellsOf, entriesToShow } from './newest.js';
import { requestersShare } from './requesters-share.js';
import { shareOf } from './share.js';
import { verifyFiles } from './verify-files.js';

interface Own {
  readonly config: string;
}

interface ReceiptOptions extends Own {
  readonly out: string;
  readonly beside?: string;
  readonly signedBefore?: string;
}
type VerifyOptions = TrustOptions & {
  readonly seen: string[];
  readonly auditorKey?: string;
  readonly strict?: boolean;
};

export function evidenceCommands(say: Say): Command {
  const evidence = new Command('evidence').description('each party’s log, and receipts of queries');

  evidence
    .command('export')
    .description('write this party’s log as a file; it holds nothing that opens its entries')
    .requiredOption('--config <file>', 'the node’s config')
    .requiredOption('--out <file>', 'a new file')
    .action(async ({ config, out }: Own & { out: string }) => {
      const { directory } = readVerified({ config });
      const lines = await withinStore(config, async ({ knex }, party) => {
        const file = await named(() => open(out, 'wx', 0o600));
        return writeAll(file, writeLog(knex, originIn(directory, party)));
      });
      say(done(`${out}: ${lines} lines`, { file: out, lines }));
    });

  evidence
    .command('show')
    .description('show the newest entries of this party’s log, or those about a query')
    .requiredOption('--config <file>', 'the node’s config')
    .option('--query <id>', 'only those about this query')
    .option('--last <count>', 'how many', '20')
    .action(async ({ config, query, last }: Own & { query?: string; last: string }) => {
      const about = query === undefined ? undefined : queryOf(query);
      const count = countOf('--last', last);
      const entries = await withinStore(config, ({ knex }) => entriesToShow(knex, about, count));
      const rows = entries.map((each) => [`${each.n}`, new Date(each.at).toISOString(), ...cellsOf(each)]);
      say(done(columns([['entry', 'at', 'did', 'what', 'party', 'query'], ...rows]), { entries }));
    });

  evidence
    .command('receipt')
    .description('write this party’s share of the receipt of a query')
    .argument('<query>', 'the query’s id')
    .requiredOption('--config <file>', 'the node’s config')
    .requiredOption('--out <file>', 'a new file')
    .option('--beside <file>', 'the requester’s share, for the time of the asking')
    .option('--signed-before <time>', 'the log as it was last signed before then; for papers of a key revoked since')
    .action(async (id: string, { config, out, beside, signedBefore }: ReceiptOptions) => {
      const query = queryOf(id);
      const before = signedBefore === undefined ? undefined : instantOf('--signed-before', signedBefore);
      const manifest = beside === undefined ? undefined : manifestIn(beside);
      const { directory } = readVerified({ config });
      const share = await withinStore(config, async ({ knex }, party) => {
        const entry = directory.parties.get(party);
        if (entry === undefined) throw new No('refused', `${party} is not in the directory`);
        const made = entry.kind === 'requester' ? await requestersShare(config, query, before) : undefined;
        return made ?? shareOf({ knex, kind: entry.kind, id: party }, query, manifest, before);
      });
      const file = await named(() => open(out, 'wx', 0o600));
      await file.writeFile(JSON.stringify(share)).finally(() => file.close());
      const count = share.parts.flatMap(({ entries }) => entries).length;
      say(done(`${out}: ${count} entries on ${query}`, { file: out, query, entries: count }));
    });

  trustOptions(
    evidence
      .command('verify')
      .description('verify logs, and the shares of one receipt, offline')
      .argument('<files...>', 'logs and shares'),
  )
    .option('--seen <files...>', 'checkpoints of these logs that others have seen', [])
    .option('--auditor-key <file>', 'the auditor’s private key: opens what holders testified, and adds it up again')
    .option('--strict', 'exit code 1 also where something is open, or no checkpoint binds an entry')
    .action(async (files: string[], { seen, auditorKey, strict = false, ...options }: VerifyOptions) => {
      const auditor = auditorKey === undefined ? undefined : named(() => readKeyFile(auditorKey, 'X25519'));
      say(await verifyFiles(files, readVerified(options).directory, { seen, auditor, strict }));
    });
  return evidence;
}

function queryOf(given: string): QueryId {
  const id = queryId.safeParse(given).data;
  if (id === undefined) throw new No('usage', `${given}: not the id of a query`);
  return id;
}

function countOf(option: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new No('usage', `${option} is a whole number, 1 to 999999`);
  return Number(text);
}

async function writeAll(file: FileHandle, lines: AsyncIterable<string>): Promise<number> {
  let count = 0;
  try {
    for await (const line of lines) {
      await file.write(`${line}\n`);
      count += 1;
    }
  } finally {
    await file.close();
  }
  return count;
}

function manifestIn(file: string): string | undefined {
  const parsed = receipt.safeParse(named(() => JSON.parse(readFileSync(file, 'utf8')) as unknown));
  if (!parsed.success) throw new No('refused', `${file}: not a share of a receipt`);
  return parsed.data.manifest;
}
