// keys: makes a party's keys, and shows of them what others may see.
import { Command, Option } from 'commander';
import { partyKind, type PartyKind } from '@anonymesh/protocol';
import { columns, done } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { makePartyKeys, makePersonKey } from './make-keys.js';
import { readPublicHalves } from './public-halves.js';
import { addRotating } from './rotating/commands.js';

const purposes: Record<string, string> = {
  identity: 'signs your directory entry and agreements: keep it offline',
  signing: 'signs messages',
  sealing: 'opens what is sealed to you',
  mask: 'masks a holder’s answers',
  broker: 'opens your account at the broker',
};

export function keysCommands(say: Say): Command {
  const keys = new Command('keys').description('private keys, as files that only their owner can read');
  keys
    .command('new')
    .description('make all keys of a party, or the key of a person who writes or reviews templates')
    .argument('<folder>', 'where the files are put; files that are there are left alone')
    .addOption(new Option('--kind <kind>', 'what the party is in the mesh').choices(partyKind.options))
    .addOption(new Option('--person <name>', 'make NAME.pem for a person instead').conflicts('kind'))
    .action((folder: string, { kind, person }: { kind?: PartyKind; person?: string }) => {
      const made = person === undefined ? makePartyKeys(folder, kind) : makePersonKey(folder, person);
      const rows = made.map(({ file, name, id }) => [file, id, purposes[name] ?? 'signs templates']);
      const [first] = made;
      const next =
        person === undefined ? 'Tell the others your fingerprint by another way than this mesh' : 'Its fingerprint';
      say(done(`${columns(rows)}\n\n${next}:\n  ${first?.id}`, { fingerprint: first?.id, keys: made }));
    });
  keys
    .command('show')
    .description('show ids and public halves; never what is private')
    .argument('<path>', 'a key file, or a folder of them')
    .action((path: string) => {
      const found = readPublicHalves(path);
      const rows = found.map(({ file, curve, id, publicKey }) => [file, curve, id, publicKey]);
      say(done(columns([['file', 'kind', 'id or fingerprint', 'public key'], ...rows]), { keys: found }));
    });
  addRotating(keys, say);
  return keys;
}
