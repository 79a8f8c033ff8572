// Signing in and out, and the sessions in between. A session begins new at every sign-in and ends for good at sign-out,
// after some time without a visit, or at its longest.
import type { PagesConfig } from '../pages/pages-config.js';
import { type IdentityProvider, readLeaving, signInFailed } from './identity-provider.js';
import { safePath } from './return-to.js';
import { sealedCookie } from './sealed-cookie.js';
import { EndedSessions, endOf, isAlive, newSession, readSession, type Session } from './session.js';

type Request = { readonly headers: { readonly cookie?: string | undefined } };
/** Where to send the browser, with which cookies. */
export type SentOn = { readonly to: string; readonly cookies: readonly string[] };

export interface SignIn {
  /** To the identity provider; `wanted` is where the visitor was going. */
  begin(wanted: unknown): Promise<SentOn>;
  /** Back from there, at this path. Throws the problem why nobody is signed in. */
  finish(request: Request, path: string): Promise<SentOn>;
  signOut(session: Session): Promise<SentOn>;
  sessionOf(request: Request): Promise<Session | undefined>;
  /** The cookie of a session that goes on. */
  write(session: Session): Promise<string>;
  isAlive(session: Session): boolean;
}

export interface SignInParts {
  readonly config: PagesConfig;
  readonly provider: IdentityProvider;
  readonly secret: Uint8Array;
  /** Claims to keep. */
  readonly claims: readonly string[];
}

export function openSignIn({ config, provider, secret, claims }: SignInParts): SignIn {
  const { publicUrl } = config;
  const sessions = sealedCookie({ purpose: 'session', publicUrl, secret, parse: readSession });
  const away = sealedCookie({ purpose: 'signing-in', publicUrl, secret, parse: readLeaving });
  const ended = new EndedSessions();
  const lives = (session: Session) => !ended.has(session.id) && isAlive(session, config, Date.now());
  const end = (session: Session) => ended.end(session.id, endOf(session, config), Date.now());
  const sessionOf = async (request: Request) => {
    const session = await sessions.read(request);
    return session !== undefined && lives(session) ? session : undefined;
  };
  return {
    sessionOf,
    write: (session) => sessions.write(session),
    isAlive: lives,
    begin: async (wanted) => {
      const { address, leaving } = await provider.leave(safePath(wanted, publicUrl), Date.now());
      return { to: address, cookies: [await away.write(leaving)] };
    },
    finish: async (request, path) => {
      const leaving = await away.read(request);
      if (leaving === undefined || leaving.until <= Date.now()) throw signInFailed();
      const session = newSession(await provider.comeBack(path, leaving), claims, Date.now());
      if (session === undefined) throw signInFailed();
      // Whatever session the browser had, perhaps planted by somebody who waits for it to be signed in, is over.
      const before = await sessions.read(request);
      if (before !== undefined) end(before);
      return { to: safePath(leaving.to, publicUrl), cookies: [await sessions.write(session), away.clear] };
    },
    signOut: async (session) => {
      end(session);
      return { to: (await provider.signOutAt()) ?? '/signed-out', cookies: [sessions.clear] };
    },
  };
}
