// Certificates in a file, one after the other.

/** Each as PEM. */
export function certificatesIn(text: string): string[] {
  return [...text.matchAll(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g)].map(([pem]) => `${pem}\n`);
}
