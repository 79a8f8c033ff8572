// directory review, directory admit: what the operator does with a request to join.
import { Option, type Command } from 'commander';
import { partyKind, type PartyKind } from '@anonymesh/protocol';
import { columns, done } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { admitRequest, type AdmitOptions } from './admit-request.js';
import { reviewRequest } from './review-request.js';

export function requestCommands(directory: Command, say: Say): void {
  directory
    .command('review')
    .description('show what a request to join says, and what is wrong with it (for the operator)')
    .argument('<request>', 'the file that the party sent')
    .requiredOption('--operator <key>', 'your public key, base64url')
    .action((file: string, { operator }: { operator: string }) => {
      const { verified, until } = reviewRequest(file, operator);
      const { id, kind, name, fingerprint, broker } = verified;
      const rows = [
        ['wants to be', `${id}, ${kind}`],
        ['says it is', name],
        ['fingerprint', fingerprint],
        ['broker key', broker],
        ['good until', new Date(until).toISOString().slice(0, 10)],
      ];
      const next = 'Ask the party by another way for its fingerprint, and admit it with what you were told.';
      say(done([...columns(rows), next], { id, kind, name, fingerprint, broker, until }));
    });

  directory
    .command('admit')
    .description('let a party in: directory, its account and stream on the broker, its certificate (for the operator)')
    .argument('<directory>', 'the directory’s file')
    .argument('<request>', 'the file that the party sent')
    .requiredOption('--operator-key <file>', 'the operator’s private key')
    .requiredOption('--fingerprint <text>', 'as the party told you, by another way than it sent the request')
    .addOption(new Option('--kind <kind>', 'as what it is let in').choices(partyKind.options).default('holder'))
    .requiredOption('--broker <file>', 'the operator’s own file about the broker')
    .option('--ca <folder>', 'of mesh ca, if the party’s certificate is to be issued here')
    .option('--days <number>', 'for how long its certificate is good', '90')
    .requiredOption('--out <folder>', 'a new folder for what the party gets back')
    .action(async (file: string, request: string, options: AdmitOptions & { kind: PartyKind }) => {
      const { id, serial, files } = await admitRequest(file, request, options);
      const text = [
        `${id} is admitted: directory ${serial}, an account and a stream on the broker. Nobody was disconnected.`,
        `Send ${files.join(', ')} back to ${id}, and the directory to all others.`,
      ];
      say(done(text, { id, serial, files }));
    });
}
