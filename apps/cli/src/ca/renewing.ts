// Renews a certificate in its place, whole or not at all: whatever uses it reads it anew at the next handshake.
import { readFileSync } from 'node:fs';
import { describeCertificate, reissue } from '@anonymesh/certificates';
import { replaceFile } from '../replace-file.js';
import { named, No } from '../telling/no.js';
import { certificatesIn, readAccepted, readAuthority } from './authority-folder.js';
import { daysFrom } from './days.js';
import { refuse } from './issuing.js';

export async function renewCertificate(folder: string, file: string, days = '90'): Promise<{ until: number }> {
  const [old, ...more] = certificatesIn(named(() => readFileSync(file, 'utf8')));
  if (old === undefined || more.length > 0) throw new No('refused', `${file}: not one certificate`);
  if (describeCertificate(old).use === 'authority')
    throw new No('usage', `${file}: of an authority; leave it out to renew that`);
  const certificate = { certificate: old, makers: readAccepted(folder) };
  const renewed = await reissue(readAuthority(folder), certificate, daysFrom(days)).catch(refuse);
  replaceFile(file, renewed, 0o644);
  return { until: describeCertificate(renewed).until };
}
