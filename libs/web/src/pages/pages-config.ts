// The part of an app's config that is about its pages: where people sign in, and where browsers find the pages. An app
// without it has an API and no pages.
import { atLeast, secretFile } from '@anonymesh/runtime';
import { z } from 'zod';

/** Where browsers reach an app: a link to it, and nothing else, so that no config puts a script into a page. */
export const siteAddress = z
  .url({ protocol: /^https?$/ })
  .refine(isOrigin, { params: { fix: 'give scheme, host and port, without a path' } });

export const pagesConfig = z.strictObject({
  publicUrl: siteAddress.describe(
    'Where browsers reach this app, such as `https://checks.example.org`; `/signed-in` there is the redirect URI.',
  ),
  issuer: z.url().describe('The identity provider, exactly as it writes itself.'),
  clientId: z.string().min(1).describe('The id of this app as a client there.'),
  clientSecret: secretFile(atLeast(1, 'write there what the provider gave for this client'))
    .describe('Holds the client’s secret; without it the app is a public client, protected by PKCE alone.')
    .optional(),
  sessionSecret: secretFile(
    atLeast(32, 'write 32 random bytes or more there, such as of openssl rand -base64 48'),
  ).describe('Holds 32 random bytes or more, by which cookies are sealed. Copies of one app share it.'),
  scope: z
    .string()
    .min(1)
    .default('openid profile')
    .describe('The scopes by which it asks for the claims that it needs.'),
  idleMinutes: z
    .number()
    .positive()
    .max(24 * 60)
    .default(20)
    .describe('A session ends after so many minutes without a visit.'),
  longestMinutes: z
    .number()
    .positive()
    .max(24 * 60)
    .default(8 * 60)
    .describe('And in any case after so many.'),
});
export type PagesConfig = z.infer<typeof pagesConfig>;

function isOrigin(address: string): boolean {
  return URL.canParse(address) && new URL(address).origin === address;
}
