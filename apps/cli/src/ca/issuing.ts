// Certificates for parties and machines. With a request the private key never leaves the machine that it is for.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { partyId } from '@anonymesh/protocol';
import {
  describeCertificate,
  issue,
  issueFor,
  namesFrom,
  newRequest,
  type Issuing,
  type Role,
} from '@anonymesh/certificates';
import { named, No } from '../telling/no.js';
import { readAuthority } from './authority-folder.js';
import { daysFrom } from './days.js';

export interface IssueOptions {
  readonly name: string;
  readonly role: Role;
  readonly host?: readonly string[];
  readonly days: string;
  readonly request?: string;
  readonly out: string;
}

export async function issueCertificate(
  folder: string,
  options: IssueOptions,
): Promise<{ certificate: string; key?: string; until: number }> {
  const { request, out } = options;
  const authority = readAuthority(folder);
  const issuing = issuingFrom(options);
  named(() => mkdirSync(out, { recursive: true, mode: 0o700 }));
  const places = placesIn(out, options.name);
  const certificate =
    request === undefined
      ? await issue(authority, issuing)
          .catch(refuse)
          .then((made) => {
            named(() => writeFileSync(places.key, made.key, { mode: 0o600, flag: 'wx' }));
            return made.certificate;
          })
      : await issueFor(
          authority,
          issuing,
          named(() => readFileSync(request, 'utf8')),
        ).catch(refuse);
  named(() => writeFileSync(places.certificate, certificate, { flag: 'wx' }));
  const { until } = describeCertificate(certificate);
  return { certificate: places.certificate, until, ...(request === undefined ? { key: places.key } : {}) };
}

export async function requestCertificate(out: string, name: string): Promise<{ key: string; request: string }> {
  const places = placesIn(out, name);
  named(() => mkdirSync(out, { recursive: true, mode: 0o700 }));
  const { request, key } = await newRequest(name);
  named(() => writeFileSync(places.key, key, { mode: 0o600, flag: 'wx' }));
  named(() => writeFileSync(places.request, request, { flag: 'wx' }));
  return { key: places.key, request: places.request };
}

function issuingFrom({ name, role, host = [], days }: IssueOptions): Issuing {
  const names = named(() => namesFrom(host));
  if (role === 'server' && host.length === 0)
    throw new No('usage', 'say with --host under which names or addresses the server is called');
  if (role === 'client' && !partyId.safeParse(name).success)
    throw new No('usage', '--name of a client is the party’s id in the mesh');
  return { name, role, names, days: daysFrom(days), ...(role === 'client' ? { party: name } : {}) };
}

function placesIn(folder: string, name: string) {
  if (!/^[A-Za-z0-9][\w.-]{0,62}$/.test(name)) throw new No('usage', '--name is to be the name of a file');
  const at = (ending: string) => join(folder, `${name}${ending}`);
  return { certificate: at('.pem'), key: at('-key.pem'), request: at('.csr') };
}

/** What the library says is about documents that were named on the command line. */
export function refuse(cause: unknown): never {
  throw new No('refused', cause instanceof Error ? cause.message : 'this cannot be issued', { cause });
}
