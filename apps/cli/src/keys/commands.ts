// keys: makes a party's keys, and shows of them what others may see.
import { Command, Option } from 'commander';
import { partyKind, type PartyKind } from '@anonymesh/protocol';
import { columns, done, type Told } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { makeAuditorKey, makePartyKeys, makePersonKey, type MadeKey } from './make-keys.js';
import { readPublicHalves } from './public-halves.js';
import { addRotating } from './rotating/commands.js';

const purposes: Record<string, string> = {
  identity: 'signs your directory entry and agreements: keep it offline',
  signing: 'signs messages',
  sealing: 'opens what is sealed to you',
  mask: 'masks a holder’s answers',
  broker: 'opens your account at the broker',
  auditor: 'opens what parties testify to you: keep it offline',
};

export function keysCommands(say: Say): Command {
  const keys = new Command('keys').description('private keys, as files that only their owner can read');
  keys
    .command('new')
    .description('make all keys of a party, or the key of a person who writes or reviews templates, or of an auditor')
    .argument('<folder>', 'where the files are put; files that are there are left alone')
    .addOption(new Option('--kind <kind>', 'what the party is in the mesh').choices(partyKind.options))
    .addOption(new Option('--person <name>', 'make NAME.pem for a person instead').conflicts('kind'))
    .addOption(new Option('--auditor', 'make auditor.pem for an auditor instead').conflicts(['kind', 'person']))
    .action((folder: string, { kind, person, auditor }: { kind?: PartyKind; person?: string; auditor?: true }) => {
      if (auditor === true) return say(auditorMade(makeAuditorKey(folder)));
      const made = person === undefined ? makePartyKeys(folder, kind) : makePersonKey(folder, person);
      const rows = made.map(({ file, name, id }) => [file, id, purposes[name] ?? 'signs templates']);
      const [first] = made;
      const next =
        person === undefined ? 'Tell the others your fingerprint by another way than this mesh' : 'Its fingerprint';
      say(done([...columns(rows), '', `${next}:`, `  ${first?.id}`], { fingerprint: first?.id, keys: made }));
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

/** Agreements name the key itself; its id is what people compare. */
function auditorMade(key: MadeKey & { readonly publicKey: string }): Told {
  const { file, id, publicKey } = key;
  const next = ['What agreements name as the auditor’s sealing key:', `  ${publicKey}`];
  const compare = ['Tell whoever signs them its id by another way than this mesh:', `  ${id}`];
  return done([...columns([[file, id, purposes['auditor'] ?? '']]), '', ...next, ...compare], {
    fingerprint: id,
    publicKey,
    keys: [{ name: 'auditor', file, id }],
  });
}
