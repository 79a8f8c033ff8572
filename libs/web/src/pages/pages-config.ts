// The part of an app's config that is about its pages: where people sign in, and where browsers find the pages. An app
// without it has an API and no pages.
import { secretFile } from '@anonymesh/runtime';
import { z } from 'zod';

export const pagesConfig = z.strictObject({
  /** Where browsers reach this app, such as `https://checks.example.org`; `/signed-in` there is the redirect URI. */
  publicUrl: z.url().refine(isOrigin, { params: { fix: 'give scheme, host and port, without a path' } }),
  /** The identity provider, exactly as it writes itself. */
  issuer: z.url(),
  clientId: z.string().min(1),
  /** A file with the client's secret; without it the app is a public client, protected by PKCE alone. */
  clientSecret: secretFile().optional(),
  /** A file with 32 random bytes or more, by which cookies are sealed. Copies of one app share it. */
  sessionSecret: secretFile(),
  /** Which ID token claims hold what the app needs is asked for by these scopes. */
  scope: z.string().min(1).default('openid profile'),
  /** The session ends after so many minutes without a visit, and in any case after so many. */
  idleMinutes: z
    .number()
    .positive()
    .max(24 * 60)
    .default(20),
  longestMinutes: z
    .number()
    .positive()
    .max(24 * 60)
    .default(8 * 60),
});
export type PagesConfig = z.infer<typeof pagesConfig>;

function isOrigin(address: string): boolean {
  return URL.canParse(address) && new URL(address).origin === address;
}
