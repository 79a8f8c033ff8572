// Which app a config file is for: as the directory has the party, or, where that cannot be read, by what is in the file.
import type { PartyKind } from '@anonymesh/protocol';
import { readYaml } from '@anonymesh/trust';
import { z } from 'zod';
import { readVerified } from '../directory/read-verified.js';
import { named, No } from '../telling/no.js';

export const apps: Readonly<Record<PartyKind, string>> = {
  requester: 'requester-ui',
  coordinator: 'coordinator',
  holder: 'lqi',
  aggregator: 'aggregator',
  portal: 'appeal-portal',
};

/** Keys that only one app has. */
const tellTale: readonly (readonly [key: string, kind: PartyKind])[] = [
  ['source', 'holder'],
  ['templates', 'holder'],
  ['spool', 'aggregator'],
  ['floorMilliseconds', 'portal'],
  ['proxies', 'portal'],
];

export function appOf(config: string): string {
  const found = named(() => readYaml(config, z.record(z.string(), z.unknown())));
  const [, shown] = tellTale.find(([key]) => key in found) ?? [];
  const kind = shown ?? kindInDirectory(config, found['party']);
  if (kind === undefined) throw new No('usage', `${config}: say with --app which app it is for`);
  return apps[kind];
}

function kindInDirectory(config: string, party: unknown): PartyKind | undefined {
  try {
    return readVerified({ config }).directory.parties.get(String(party))?.kind;
  } catch {
    return undefined;
  }
}
