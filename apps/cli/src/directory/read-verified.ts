// Reads a directory as every node does: believed as far as operator and parties signed it. Where it is, options say, or the
// config of a node.
import { dirname, resolve } from 'node:path';
import { bytesText } from '@anonymesh/protocol';
import { readDirectory, readDocument, readYaml, trustConfig, type Directory, type TrustConfig } from '@anonymesh/trust';
import type { Command } from 'commander';
import { z } from 'zod';
import { named, No } from '../telling/no.js';

export interface TrustOptions {
  readonly config?: string;
  readonly directory?: string;
  readonly operator?: string;
}

export function trustOptions(command: Command): Command {
  return command
    .option('--config <file>', 'a node’s config, for its directory, operator and agreements')
    .option('--directory <file>', 'the directory’s file')
    .option('--operator <key>', 'the operator’s public key, base64url');
}

export interface VerifiedDirectory {
  readonly directory: Directory;
  /** Places in the file, from 0. */
  readonly leftOut: readonly number[];
}

export function readVerified(options: TrustOptions): VerifiedDirectory {
  const from = options.config === undefined ? undefined : trustIn(options.config);
  const file = options.directory ?? from?.directory;
  const operator = options.operator ?? from?.operator;
  if (file === undefined || operator === undefined)
    throw new No('usage', 'say --directory and --operator, or --config');
  if (!bytesText(32).safeParse(operator).success) throw new No('usage', '--operator is 32 bytes in base64url');
  const read = readDirectory(
    named(() => readDocument(file, z.unknown(), JSON.parse)),
    operator,
  );
  if (read === undefined) throw new No('refused', `${file}: this operator did not sign this directory`);
  return read;
}

/** The section `trust` of a node's config. Paths there start at the config's folder. */
export function trustIn(config: string): TrustConfig {
  const { trust } = named(() => readYaml(config, z.object({ trust: trustConfig })));
  const from = (path: string) => resolve(dirname(config), path);
  return { ...trust, directory: from(trust.directory), agreements: from(trust.agreements) };
}
