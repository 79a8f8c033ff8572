// The people and programs that the development identity provider knows, from two JSON files that the sandbox writes.
// They are made up; nothing here has a default, so that no password works anywhere else.
import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const account = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  /** Without one nobody can sign in as this account. */
  password: z.string().min(8).optional(),
  claims: z
    .strictObject({
      roles: z.array(z.string()).optional(),
      ni_number: z.string().optional(),
      organisation: z.string().optional(),
    })
    .default({}),
});
export type Account = z.output<typeof account>;

const client = z.strictObject({
  id: z.string().min(1),
  secret: z.string().min(16),
  /** Where an app's pages are told that somebody has signed in. */
  redirectUris: z.array(z.url()).default([]),
  /** Where they send people on who have signed out. */
  signedOutUris: z.array(z.url()).default([]),
  /** May get a token with a name and a password, without a browser. */
  devLogin: z.boolean().default(false),
});
export type Client = z.output<typeof client>;

export function readAccounts(file: string): Account[] {
  return z.array(account).parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function readClients(file: string): Client[] {
  return z.array(client).parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** The account with this id, if it is its password. */
export function signIn(accounts: readonly Account[], id: unknown, password: unknown): Account | undefined {
  const found = accounts.find((each) => each.id === id);
  if (found?.password === undefined || typeof password !== 'string') return undefined;
  const [given, known] = [Buffer.from(password), Buffer.from(found.password)];
  return given.length === known.length && timingSafeEqual(given, known) ? found : undefined;
}
