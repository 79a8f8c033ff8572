// keys: makes a party's keys, and shows of them what others may see.
import { Command, Option } from 'commander';
import { partyKind, type PartyKind } from '@anonymesh/protocol';
import { columns, done, type Told } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { makeAuditorKey, makeOperatorKey, makePartyKeys, makePersonKey, type LoneKey } from './make-keys.js';
import { readPublicHalves } from './public-halves.js';
import { addRotating } from './rotating/commands.js';

const purposes: Record<string, string> = {
  identity: 'signs your directory entry and agreements: keep it offline',
  signing: 'signs messages',
  sealing: 'opens what is sealed to you',
  mask: 'masks a holder’s answers',
  broker: 'opens your account at the broker',
  auditor: 'opens what parties testify to you: keep it offline',
  operator: 'signs the directory: take it away again after each use',
};

const otherKeys = ['kind', 'person', 'auditor'];

export function keysCommands(say: Say): Command {
  const keys = new Command('keys').description('private keys, as files that only their owner can read');
  keys
    .command('new')
    .description('make all keys of a party, or the one of a person who works on templates, an auditor, or the operator')
    .argument('<folder>', 'where the files are put; files that are there are left alone')
    .addOption(new Option('--kind <kind>', 'what the party is in the mesh').choices(partyKind.options))
    .addOption(new Option('--person <name>', 'make NAME.pem for a person instead').conflicts('kind'))
    .addOption(new Option('--auditor', 'make auditor.pem for an auditor instead').conflicts(['kind', 'person']))
    .addOption(new Option('--operator', 'make operator.pem for the mesh’s operator instead').conflicts(otherKeys))
    .action((folder: string, { kind, person, auditor, operator }: Wanted) => {
      if (auditor === true) return say(made(makeAuditorKey(folder), forAuditor));
      if (operator === true) return say(made(makeOperatorKey(folder), forOperator));
      const all = person === undefined ? makePartyKeys(folder, kind) : makePersonKey(folder, person);
      const rows = all.map(({ file, name, id }) => [file, id, purposes[name] ?? 'signs templates']);
      const [first] = all;
      const next =
        person === undefined ? 'Tell the others your fingerprint by another way than this mesh' : 'Its fingerprint';
      say(done([...columns(rows), '', `${next}:`, `  ${first?.id}`], { fingerprint: first?.id, keys: all }));
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

interface Wanted {
  readonly kind?: PartyKind;
  readonly person?: string;
  readonly auditor?: true;
  readonly operator?: true;
}

const forAuditor = {
  naming: 'What agreements name as the auditor’s sealing key:',
  comparing: 'Tell whoever signs them its id by another way than this mesh:',
};
const forOperator = {
  naming: 'Your public key, which every party names as its operator (--operator, trust.operator):',
  comparing: 'Tell it to each party also by another way, such as by telephone. Its id:',
};

/** Others name the key itself; its id is what people compare. */
function made(key: LoneKey, { naming, comparing }: typeof forAuditor): Told {
  const { name, file, id, publicKey } = key;
  const lines = [naming, `  ${publicKey}`, comparing, `  ${id}`];
  return done([...columns([[file, id, purposes[name] ?? '']]), '', ...lines], {
    fingerprint: id,
    publicKey,
    keys: [{ name, file, id }],
  });
}
