// The domains to which an authority is bound.
import { AsnConvert } from '@peculiar/asn1-schema';
import { id_ce_nameConstraints, NameConstraints } from '@peculiar/asn1-x509';
import { X509Certificate } from './x509.js';

/** Of an authority's certificate, PEM. None where it is bound to none. */
export function domainsOf(certificate: string): string[] {
  const extension = new X509Certificate(certificate).getExtension(id_ce_nameConstraints);
  if (extension === null) return [];
  const { permittedSubtrees } = AsnConvert.parse(extension.value, NameConstraints);
  return [...(permittedSubtrees ?? [])].flatMap(({ base }) => (base.dNSName === undefined ? [] : [base.dNSName]));
}
