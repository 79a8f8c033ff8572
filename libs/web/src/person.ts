// Who somebody is: one claim of the identity provider, the same in access tokens and on pages. A provider may give each
// client another `sub` (pairwise subject identifiers, OpenID Connect Core 8.1): by `sub`, one person would be two.
import { z } from 'zod';

/** For an app's config. */
export const personClaim = z
  .string()
  .min(1)
  .default('sub')
  .describe(
    'The claim that tells who somebody is, in access tokens and ID tokens alike. Where the provider gives each client ' +
      'another `sub`, name one that is the same in all and that nobody can change, such as `oid` of Microsoft Entra ID.',
  );

const identifier = z.string().min(1).max(255);

/** Undefined for claims of nobody. */
export function personOf(claims: Readonly<Record<string, unknown>>, claim: string): string | undefined {
  return Object.hasOwn(claims, claim) ? identifier.safeParse(claims[claim]).data : undefined;
}

interface WaysIn {
  readonly oidc?: { readonly issuer: string } | undefined;
  readonly pages?: { readonly issuer: string } | undefined;
}

/** Two providers may call one person by two names, and two people by one. */
export function haveOneIssuer({ oidc, pages }: WaysIn): boolean {
  return oidc === undefined || pages === undefined || oidc.issuer === pages.issuer;
}

/** What a config is told that has two. */
export const oneIssuer = {
  path: ['pages', 'issuer'],
  error: 'another provider than oidc.issuer, so that one person could be two',
  params: { fix: 'name one provider in both' },
};
