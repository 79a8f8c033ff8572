// Signing in and out, and the sessions in between. A session begins new at every sign-in and ends for good at sign-out,
// after some time without a visit, or at its longest.
import type { Log } from '@anonymesh/runtime';
import type { Store } from '@anonymesh/store';
import type { TypedForm } from '../pages/form.js';
import type { PagesConfig } from '../pages/pages-config.js';
import { openEndedSessions } from './ended-sessions.js';
import { type IdentityProvider, readLeaving, signInFailed } from './identity-provider.js';
import { safePath } from './return-to.js';
import { sealedCookie } from './sealed-cookie.js';
import {
  endOf,
  isAlive,
  isKnownBy,
  isOwnForm,
  newSession,
  readSession,
  type ClaimsUsed,
  type Session,
} from './session.js';
import { openSetAside } from './set-aside.js';

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
  isAlive(session: Session): Promise<boolean>;
  /** Keeps a form whose session is over, for its owner to find at this path after signing in again. */
  setAside(request: Request, path: string, form: TypedForm): Promise<void>;
  /** What was set aside for this session, once. */
  takeUp(session: Session): Promise<TypedForm | undefined>;
}

export interface SignInParts {
  readonly config: PagesConfig;
  readonly provider: IdentityProvider;
  readonly secret: Uint8Array;
  readonly claims: ClaimsUsed;
  readonly store: Pick<Store, 'knex'>;
  readonly log: Log;
}

export function openSignIn({ config, provider, secret, claims, store, log }: SignInParts): SignIn {
  const { publicUrl } = config;
  const sessions = sealedCookie({ purpose: 'session', publicUrl, secret, parse: readSession });
  const away = sealedCookie({ purpose: 'signing-in', publicUrl, secret, parse: readLeaving });
  const ended = openEndedSessions(store, log);
  const forms = openSetAside(store, secret);
  const lives = async (session: Session) =>
    isKnownBy(session, claims.person) && isAlive(session, config, Date.now()) && !(await ended.has(session.id));
  const end = (session: Session) => ended.end(session.id, endOf(session, config));
  const sessionOf = async (request: Request) => {
    const session = await sessions.read(request);
    return session !== undefined && (await lives(session)) ? session : undefined;
  };
  // A store that does not answer keeps nobody from signing in: what was typed is lost then.
  const orNothing = async <Result>(work: Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work;
    } catch (fault) {
      log.fault('session.form-not-kept', fault);
      return undefined;
    }
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
      const typed = before && (await orNothing(forms.handOver(before, session)));
      if (before !== undefined) await end(before);
      const begun = typed === undefined ? session : { ...session, typed };
      return { to: safePath(leaving.to, publicUrl), cookies: [await sessions.write(begun), away.clear] };
    },
    signOut: async (session) => {
      await end(session);
      return { to: (await provider.signOutAt()) ?? '/signed-out', cookies: [sessions.clear] };
    },
    setAside: async (request, path, form) => {
      const session = await sessions.read(request);
      // Only what this session's own page sent: another site may not fill in anybody's form. Whoever signed out is gone.
      if (session === undefined || !isOwnForm(session, form['_csrf']) || (await ended.has(session.id))) return;
      await orNothing(forms.put(session, path, form));
    },
    takeUp: (session) => orNothing(forms.take(session)),
  };
}
