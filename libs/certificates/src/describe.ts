// What a certificate says, for people.
import { X509Certificate } from 'node:crypto';

export interface Described {
  readonly subject: string;
  readonly issuer: string;
  readonly use: 'authority' | 'client' | 'server' | 'client and server' | 'other';
  /** As `DNS:broker.example`, `IP Address:10.0.0.1`, `URI:urn:anonymesh:party:hmrc`. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
  /** Whole days, negative once it has run out. */
  readonly daysLeft: number;
  readonly serial: string;
  /** SHA-256 of the certificate, as hexadecimal pairs. */
  readonly fingerprint: string;
}

/** Throws where it is no certificate. */
export function describeCertificate(pem: string, now = Date.now()): Described {
  const read = new X509Certificate(pem);
  const until = Date.parse(read.validTo);
  return {
    subject: read.subject.replaceAll('\n', ', '),
    issuer: read.issuer.replaceAll('\n', ', '),
    use: useOf(read),
    names: read.subjectAltName?.split(', ') ?? [],
    from: Date.parse(read.validFrom),
    until,
    daysLeft: Math.floor((until - now) / 86_400_000),
    serial: read.serialNumber,
    fingerprint: read.fingerprint256,
  };
}

function useOf({ ca, keyUsage }: X509Certificate): Described['use'] {
  if (ca) return 'authority';
  const [server, client] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'].map((use) => (keyUsage ?? []).includes(use));
  if (server && client) return 'client and server';
  if (server || client) return server ? 'server' : 'client';
  return 'other';
}
