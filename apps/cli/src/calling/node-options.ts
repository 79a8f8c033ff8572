// Which node a command speaks to, and as whom. The token comes from a file or the environment: a command line can be
// read by everybody on the machine, and stays in the shell's history.
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { named, No } from '../telling/no.js';

export interface NodeOptions {
  readonly url: string;
  readonly tokenFile?: string;
}

const variable = 'MESH_TOKEN';

export function nodeOptions(command: Command): Command {
  return command
    .requiredOption('--url <url>', 'the address of your organisation’s node, such as https://mesh.example')
    .option('--token-file <file>', `a file with your access token; without it the variable ${variable} is read`);
}

/** RFC 6750's characters and no others: what fetch says of a header that it does not take has the header in it. */
export function tokenOf({ tokenFile }: Pick<NodeOptions, 'tokenFile'>): string {
  const given = tokenFile === undefined ? process.env[variable] : named(() => readFileSync(tokenFile, 'utf8'));
  const token = given?.trim() ?? '';
  const place = tokenFile ?? variable;
  if (token === '') throw new No('usage', `no access token: name its file with --token-file, or set ${variable}`);
  if (token.length > 8192 || !/^[\w.~+/-]+=*$/.test(token)) throw new No('usage', `${place}: not an access token`);
  return token;
}
