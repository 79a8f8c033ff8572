// How long certificates last, and whether they are what they are used as. Words for an operator; a certificate names a
// party and machines, never a person.
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { amiss, type Found } from '../wellness/check.js';
import { readCredentials, TlsFault, type Credentials } from './credentials.js';
import { certificatesIn } from './pem.js';
import type { Server } from './server-certificate.js';
import type { TlsFiles } from './tls-files.js';

/** What a certificate is for: the broker, this app's own HTTP, its store, a holder's records. */
export type CertificateRole = 'broker' | 'http' | 'store' | 'records';

export interface Certified {
  readonly role: CertificateRole;
  readonly files: TlsFiles;
  /** The machine's name by which people call it, where that is known. */
  readonly host?: string | undefined;
}

const day = 86_400_000;
/** Days before the end at which one should look, and at which it presses. */
const limits = { soon: 30, pressing: 7 };
const renew =
  'Renew it (`mesh ca renew`, `mesh ca issue` once it has run out, or by your own authority) and put it in its place: ' +
  'it is taken up by itself.';

/** What is amiss, the worst first; undefined where nothing is. */
export function judgeCertificate({ role, files, host }: Certified, party: string, now = Date.now()): Found | undefined {
  let held: Credentials;
  try {
    held = readCredentials(files);
  } catch (error) {
    return error instanceof TlsFault
      ? faultOf(error)
      : amiss('certificate-unreadable', 'A certificate cannot be read.', renew);
  }
  const own = parse(held.cert);
  const accepted = parse(held.ca);
  return (
    judgeAuthorities(files, accepted, now) ??
    judgeChain(files, own, now) ??
    (role === 'broker' ? judgeOwner(files, own[0], party) : undefined) ??
    judgeTime(files, own, accepted, now) ??
    judgeHost(files, own[0], host)
  );
}

/** What is amiss with one that a server shows until then, which others renew. */
export function judgeServer(role: Server['role'], ends: number, now = Date.now()): Found | undefined {
  const { whose, todo } = servers[role];
  const end = dateOf(ends);
  const days = Math.floor(daysUntil(ends, now));
  if (ends <= now) {
    const reason = `The certificate that ${whose} shows ran out on ${end}: a connection that is lost does not come back.`;
    return amiss('server-certificate-expired', reason, todo);
  }
  if (days >= limits.soon) return undefined;
  const code = days < limits.pressing ? 'server-certificate-ends-within-days' : 'server-certificate-ends-soon';
  return amiss(code, `The certificate that ${whose} shows runs out on ${end}, in ${days} days.`, todo, 'attention');
}

const database = 'Tell who runs its server to renew it, and to let the server read it anew.';
const servers: Readonly<Record<Server['role'], { readonly whose: string; readonly todo: string }>> = {
  broker: {
    whose: 'the broker',
    todo:
      'Tell the mesh’s operator to renew it (`mesh ca renew`, `mesh ca issue` once it has run out), and to let the ' +
      'broker read it anew (reload).',
  },
  store: { whose: 'the database of this node’s store', todo: database },
  records: { whose: 'the holder’s database', todo: database },
};

/** Days until the first of its own runs out, or the last of the authorities that it accepts; undefined if unreadable. */
export function daysLeft({ files }: Certified, now = Date.now()): number | undefined {
  try {
    const { cert, ca } = readCredentials(files);
    return daysUntil(endOf(parse(cert), parse(ca)), now);
  } catch {
    return undefined;
  }
}

/** `end`: milliseconds since 1970. */
export function daysUntil(end: number, now = Date.now()): number {
  return (end - now) / day;
}

function parse(pem: string | undefined): X509Certificate[] {
  return certificatesIn(pem ?? '').map((each) => new X509Certificate(each));
}

const endsAt = ({ validTo }: X509Certificate) => Date.parse(validTo);
const beginsAt = ({ validFrom }: X509Certificate) => Date.parse(validFrom);
const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);

function endOf(own: readonly X509Certificate[], accepted: readonly X509Certificate[]): number {
  const newest = accepted.length === 0 ? Infinity : Math.max(...accepted.map(endsAt));
  return Math.min(newest, ...own.map(endsAt));
}

function faultOf({ code, file }: TlsFault): Found {
  return code === 'unreadable'
    ? amiss(
        'certificate-unreadable',
        `${file} cannot be read, or is not PEM.`,
        'Put it back: the node works on with what it had.',
      )
    : amiss(
        'certificate-key-differs',
        `${file} is not the key of its certificate.`,
        'Put the certificate and its own key in place.',
      );
}

function judgeAuthorities({ ca }: TlsFiles, accepted: readonly X509Certificate[], now: number): Found | undefined {
  if (accepted.length === 0 || accepted.some((each) => endsAt(each) > now && beginsAt(each) <= now)) return undefined;
  const reason = `No authority in ${ca} is valid any more, or yet: nobody on the other side can be believed.`;
  return amiss(
    'authority-expired',
    reason,
    'Ask whoever runs the authority for the certificates that are accepted now.',
  );
}

function judgeChain({ certificate }: TlsFiles, own: readonly X509Certificate[], now: number): Found | undefined {
  const expired = own.find((each) => endsAt(each) <= now);
  if (expired !== undefined)
    return amiss(
      'certificate-expired',
      `A certificate in ${certificate} ran out on ${dateOf(endsAt(expired))}.`,
      renew,
    );
  const early = own.find((each) => beginsAt(each) > now);
  if (early !== undefined) {
    const reason = `A certificate in ${certificate} is not valid before ${dateOf(beginsAt(early))}.`;
    return amiss(
      'certificate-not-yet-valid',
      reason,
      'Look at this machine’s clock, and at the date of the certificate.',
    );
  }
  const broken = own.some((each, at) => {
    const issuer = own[at + 1];
    return issuer !== undefined && !(each.checkIssued(issuer) && each.verify(issuer.publicKey));
  });
  if (!broken) return undefined;
  const reason = `The certificates in ${certificate} do not follow one another, each vouching for the one before it.`;
  return amiss(
    'certificate-chain-broken',
    reason,
    'Put the own certificate first, and after it the one that vouches for it.',
  );
}

/** Certificates of `mesh ca` say whose they are; of others it is not asked. */
function judgeOwner({ certificate }: TlsFiles, own: X509Certificate | undefined, party: string): Found | undefined {
  const named = /URI:urn:anonymesh:party:([a-z0-9-]+)/.exec(own?.subjectAltName ?? '')?.[1];
  if (named === undefined || named === party) return undefined;
  const reason = `${certificate} is the certificate of ${named}, and this node is ${party}.`;
  return amiss('certificate-of-another-party', reason, 'Put this party’s own certificate and key in their place.');
}

function judgeTime(
  { certificate, ca }: TlsFiles,
  own: readonly X509Certificate[],
  accepted: readonly X509Certificate[],
  now: number,
): Found | undefined {
  const end = endOf(own, accepted);
  const days = Math.floor((end - now) / day);
  if (days >= limits.soon) return undefined;
  const file = own.some((each) => endsAt(each) === end) ? certificate : ca;
  const code = days < limits.pressing ? 'certificate-ends-within-days' : 'certificate-ends-soon';
  return amiss(code, `What ${file} holds runs out on ${dateOf(end)}, in ${days} days.`, renew, 'attention');
}

function judgeHost(
  { certificate }: TlsFiles,
  own: X509Certificate | undefined,
  host: string | undefined,
): Found | undefined {
  if (host === undefined || own === undefined || covers(own, host)) return undefined;
  const reason = `People call this app ${host}, and ${certificate} is not for that name: their browsers refuse it.`;
  const todo = 'Have one issued for that name, or correct pages.publicUrl. Behind a proxy that has its own, let it be.';
  return amiss('certificate-other-name', reason, todo, 'attention');
}

function covers(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
}
