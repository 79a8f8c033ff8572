// The certificate authority of a mesh on one machine, and a certificate for the broker and for each party. In production
// `mesh ca`, or the organisations' own authorities, does what this does.
import { mkdir, writeFile } from 'node:fs/promises';
import { issue, newAuthority, type Authority } from '@anonymesh/certificates';
import type { PartyId } from '@anonymesh/protocol';
import { brokerPlaces, placesOf } from './places.js';

const days = 365;

export async function foundCertificates(dir: string, parties: readonly { readonly id: PartyId }[]): Promise<void> {
  const authority = await newAuthority({ name: 'Sandbox', days });
  const { home, ca, caNewest, caKey, certificate, key, provisioning } = brokerPlaces(dir);
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(ca, authority.certificate);
  await writeFile(caNewest, authority.certificate);
  await writeFile(caKey, authority.key, { mode: 0o600 });
  const names = { dns: ['localhost'], ip: ['127.0.0.1'] };
  await keep({ certificate, key }, issue(authority, { name: 'broker', role: 'server', names, days }));
  await keep(provisioning, clientOf(authority, 'provisioning'));
  await Promise.all(
    parties.map(async ({ id }) => {
      const { tls } = placesOf(dir, id);
      await writeFile(tls.ca, authority.certificate);
      await keep(tls, clientOf(authority, id));
    }),
  );
}

function clientOf(authority: Authority, party: string) {
  return issue(authority, { name: party, role: 'client', names: { dns: [], ip: [] }, party, days });
}

async function keep(
  places: { readonly certificate: string; readonly key: string },
  making: Promise<{ readonly certificate: string; readonly key: string }>,
): Promise<void> {
  const made = await making;
  // No secret; but it lies among keys, where nothing is for others.
  await writeFile(places.certificate, made.certificate, { mode: 0o600 });
  await writeFile(places.key, made.key, { mode: 0o600 });
}
