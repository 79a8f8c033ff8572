// ca: a small certificate authority for TLS, for organisations that have none. It vouches for machines; whom the mesh
// believes, the directory says.
import { Command, Option } from 'commander';
import { done, type Told } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { makeAuthority, renewAuthority } from './authorities.js';
import { issueCertificate, requestCertificate, type IssueOptions } from './issuing.js';
import { renewCertificate } from './renewing.js';
import { showCertificates } from './showing.js';

const folderOption = () => new Option('--ca <folder>', 'the folder that `mesh ca new` made').makeOptionMandatory();

export function caCommands(say: Say): Command {
  const ca = new Command('ca').description('certificates for TLS, from a certificate authority of your own');

  ca.command('new')
    .description('make a certificate authority')
    .argument('<folder>', 'where its files are put')
    .requiredOption('--name <name>', 'what people call it')
    .option('--days <number>', 'for how long', '3650')
    .option('--domain <domain...>', 'it may name machines below these DNS domains alone')
    .action(async (folder: string, options: { name: string; days: string; domain?: string[] }) => {
      const { accepted, key } = await makeAuthority(folder, options);
      const text = [
        `${accepted}: give this to every party and to the broker`,
        `${key}: keep this off any machine that is on the network`,
      ];
      say(done(text, { ca: accepted, key }));
    });

  ca.command('request')
    .description('make a key, and a request for a certificate: the key stays with you')
    .argument('<folder>', 'where NAME-key.pem and NAME.csr are put')
    .requiredOption('--name <name>', 'your party’s id, or the machine’s name')
    .action(async (folder: string, { name }: { name: string }) => {
      const { key, request } = await requestCertificate(folder, name);
      say(done([`${key}: the key`, `${request}: give this to whoever issues certificates`], { key, request }));
    });

  ca.command('issue')
    .description('issue a certificate, for a request or with a key made on the spot')
    .addOption(folderOption())
    .requiredOption('--name <name>', 'the party’s id, or the machine’s name')
    .addOption(
      new Option('--role <role>', 'client: a party, towards the broker. server: the broker, a database, an app’s HTTP')
        .choices(['client', 'server'])
        .makeOptionMandatory(),
    )
    .option('--host <name...>', 'DNS names and addresses under which a server is called')
    .option('--days <number>', 'for how long', '90')
    .option('--request <file>', 'the request for which it is issued')
    .requiredOption('--out <folder>', 'where NAME.pem is put, and without a request NAME-key.pem')
    .action(async (options: IssueOptions & { ca: string }) => {
      const { certificate, key, until } = await issueCertificate(options.ca, options);
      const files = key === undefined ? [certificate] : [certificate, key];
      say(done([...files, `Good until ${day(until)}.`], { certificate, key, until }));
    });

  ca.command('renew')
    .description('renew a certificate for its key, names and use; without one, the authority itself')
    .argument('[certificate]', 'the file, which is replaced')
    .addOption(folderOption())
    .option('--days <number>', 'for how long: 90, an authority 3650')
    .action(async (certificate: string | undefined, { ca: folder, days }: { ca: string; days?: string }) => {
      if (certificate === undefined) return say(await tellAuthority(folder, days));
      const { until } = await renewCertificate(folder, certificate, days);
      const text = `${certificate}: good until ${day(until)}. What uses it takes it up by itself.`;
      return say(done(text, { certificate, until }));
    });

  ca.command('show')
    .description('show what certificates say, and how long they last; the exit code is 1 if one has run out')
    .argument('<file...>', 'certificates, or bundles of them')
    .action((files: string[]) => say(showCertificates(files)));
  return ca;
}

async function tellAuthority(folder: string, days: string | undefined): Promise<Told> {
  const { accepted, count } = await renewAuthority(folder, days);
  const text = `${accepted}: the next CA, and ${count - 1} before it. Give this to every party and to the broker first; then renew their certificates.`;
  return done(text, { ca: accepted, accepted: count });
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
