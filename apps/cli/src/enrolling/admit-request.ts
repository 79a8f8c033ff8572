// Lets a party in by its request. Everything that may be refused is refused before anything is written; and what is
// written last can be done again from the directory (`mesh broker configure`).
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64url, type PartyKind } from '@anonymesh/protocol';
import { publicBytes, readKeyFile } from '@anonymesh/trust';
import { issueFor } from '@anonymesh/certificates';
import { configureBroker, planFor } from '../broker/configure.js';
import { readAuthority } from '../ca/authority-folder.js';
import { daysFrom } from '../ca/days.js';
import { refuse } from '../ca/issuing.js';
import { keep, withEntry } from '../directory/admit.js';
import { named, No } from '../telling/no.js';
import { reviewRequest } from './review-request.js';
import { openUsed } from './used-requests.js';

export interface AdmitOptions {
  readonly operatorKey: string;
  readonly fingerprint: string;
  readonly kind: PartyKind;
  readonly broker: string;
  readonly ca?: string;
  readonly days: string;
  readonly out: string;
}

export async function admitRequest(
  file: string,
  requestFile: string,
  { kind, broker, ca, days, out, ...telling }: AdmitOptions,
): Promise<{ id: string; serial: number; files: string[] }> {
  const operator = named(() => base64url(publicBytes(readKeyFile(telling.operatorKey, 'Ed25519'))));
  const request = reviewRequest(requestFile, operator);
  const { id, kind: wanted } = request.verified;
  if (wanted !== kind) throw new No('refused', `${requestFile}: asks to be let in as ${wanted}, not as ${kind}`);
  const used = openUsed(file);
  if (used.has(request.jws)) throw new No('refused', `${requestFile}: was used before: ask ${id} for a new one`);
  const changed = await withEntry(file, { jws: request.entry, from: requestFile }, telling);
  const planned = await planFor(broker, changed.directory);
  const certificate = ca === undefined ? undefined : await certify(ca, id, days, request.certificateRequest);
  named(() => mkdirSync(out, { mode: 0o700 }));
  named(() => copyFileSync(planned.file.tls.ca, join(out, 'ca.pem')));
  if (certificate !== undefined) writeFileSync(join(out, 'tls.pem'), certificate);
  used.add(request.jws);
  keep(changed);
  copyFileSync(file, join(out, 'directory.json'));
  await configureBroker(planned);
  const names = ['directory.json', 'ca.pem', ...(certificate === undefined ? [] : ['tls.pem'])];
  return { id, serial: changed.directory.serial, files: names.map((name) => join(out, name)) };
}

/** Of the request counts its key alone: whose the certificate is, the admitted entry says. */
function certify(ca: string, party: string, days: string, request: string): Promise<string> {
  const issuing = { name: party, party, role: 'client', names: { dns: [], ip: [] }, days: daysFrom(days) } as const;
  return issueFor(readAuthority(ca), issuing, request).catch(refuse);
}
