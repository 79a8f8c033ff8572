// party: what an organisation does, on its own machine, that wants to be in a mesh; and how the operator puts one out.
import { Command, Option } from 'commander';
import { partyKind, type PartyKind } from '@anonymesh/protocol';
import { configureBroker, planFor } from '../broker/configure.js';
import { keep, withoutParty } from '../directory/admit.js';
import { done } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { initParty } from './init-party.js';
import { needsIssuer, type PartyOptions } from './party-options.js';
import { recordKinds } from './records-of.js';

export function partyCommands(say: Say): Command {
  const party = new Command('party').description('join a mesh; or put a party out of it (for the operator)');
  party
    .command('init')
    .description('make keys, a config with comments, and a signed request to join; nothing leaves this machine by it')
    .argument('<folder>', 'a new folder for all that the node has')
    .addOption(new Option('--kind <kind>', 'what you are in the mesh').choices(partyKind.options).makeOptionMandatory())
    .requiredOption('--id <party>', 'the id that you want in the mesh')
    .requiredOption('--name <name>', 'your organisation’s name')
    .requiredOption('--broker <address...>', 'where the mesh’s broker is: nats://host:port')
    .requiredOption(
      '--operator <key>',
      'the operator’s public key, base64url, compared with the operator by another way',
    )
    .addOption(new Option('--records <kind>', 'of a holder: where its records are; postgres').choices(recordKinds))
    .option('--issuer <address>', 'of a requester or a portal: your identity provider, exactly as it writes itself')
    .option('--port <number>', 'on which the node answers HTTP on this machine', '8080')
    .option('--days <number>', 'for how long the keys are valid', '365')
    .action(async (folder: string, options: PartyOptions) => {
      const { request, config, fingerprint } = await initParty(folder, options);
      const text = [
        `${request}: send this to the mesh’s operator.`,
        'Tell the operator by another way, such as by telephone, your fingerprint:',
        `  ${fingerprint}`,
        `${config}: ${toFillIn(options)}`,
        `What comes back from the operator belongs into ${folder}/trust. Then: mesh doctor --config ${config}`,
      ];
      say(done(text, { request, config, fingerprint }));
    });

  party
    .command('remove')
    .description('put a party out: its account is gone, and its connections are closed, at once; all others stay')
    .argument('<directory>', 'the directory’s file')
    .argument('<party>', 'its id')
    .requiredOption('--operator-key <file>', 'the operator’s private key')
    .requiredOption('--broker <file>', 'the operator’s own file about the broker')
    .action(async (file: string, id: string, options: { operatorKey: string; broker: string }) => {
      const changed = await withoutParty(file, id, options.operatorKey);
      const planned = await planFor(options.broker, changed.directory);
      keep(changed);
      await configureBroker(planned);
      const { serial } = changed.directory;
      const text = `${id} is out: the broker has cut it off. Directory ${serial} is without it: send it to all others.`;
      say(done(text, { file, id, serial }));
    });
  return party;
}

function toFillIn({ kind, issuer }: { readonly kind: PartyKind; readonly issuer?: string }): string {
  if (kind === 'holder') return 'fill in where your records are.';
  if (needsIssuer(kind) && issuer === undefined) return 'fill in where people sign in (oidc.issuer).';
  return 'read its comments; nothing has to be filled in.';
}
