// What certificates say, one after the other.
import { readFileSync } from 'node:fs';
import { describeCertificate, type Described } from '@anonymesh/certificates';
import { named, No } from '../telling/no.js';
import { paragraphs, type Told } from '../telling/told.js';
import { certificatesIn } from './authority-folder.js';

export function showCertificates(files: readonly string[]): Told {
  const found = files.flatMap((file) => {
    const certificates = certificatesIn(named(() => readFileSync(file, 'utf8')));
    if (certificates.length === 0) throw new No('refused', `${file}: no certificate in it (PEM)`);
    return certificates.map((each) => ({ file, ...described(file, each) }));
  });
  const ok = found.every(({ daysLeft, from }) => daysLeft >= 0 && from <= Date.now());
  return { lines: paragraphs(found.map(paragraphOf)), json: { ok, certificates: found }, ok };
}

function described(file: string, certificate: string): Described {
  try {
    return describeCertificate(certificate);
  } catch (cause) {
    throw new No('refused', `${file}: not a certificate`, { cause });
  }
}

function paragraphOf({
  file,
  subject,
  issuer,
  use,
  names,
  from,
  until,
  daysLeft,
  fingerprint,
}: Described & { file: string }) {
  const date = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
  const left = daysLeft < 0 ? `has run out` : `${daysLeft} days left`;
  return [
    `${file}: ${subject}`,
    `  for          ${use}${names.length === 0 ? '' : `: ${names.join(', ')}`}`,
    `  issued by    ${issuer}`,
    `  good         ${date(from)} to ${date(until)} UTC, ${from > Date.now() ? 'not yet' : left}`,
    `  fingerprint  ${fingerprint}`,
  ];
}
