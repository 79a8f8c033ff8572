// A certificate request, with a fresh key that stays where it was made.
import { privateKeyPem } from './private-key.js';
import { algorithm, newPair, Pkcs10CertificateRequestGenerator } from './x509.js';

export interface Requested {
  /** PKCS #10, PEM. */
  readonly request: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

/** `name`: the subject's common name. What the certificate is good for, its issuer says. */
export async function newRequest(name: string): Promise<Requested> {
  const keys = await newPair();
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: algorithm,
  });
  return { request: `${request.toString('pem')}\n`, key: await privateKeyPem(keys.privateKey) };
}
