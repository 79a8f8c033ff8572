// One request for a page: who comes, what came with it, and what is shown. Whoever is not signed in is sent to sign in;
// a form without its session's token is not taken, whatever the page.
import type { User } from '../bearer.js';
import { Problem } from '../problem.js';
import type { IdentityProvider } from '../signing-in/identity-provider.js';
import { isOwnForm, type Session } from '../signing-in/session.js';
import type { SignIn } from '../signing-in/sign-in.js';
import { readForm, type TypedForm } from './form.js';
import type { PageReply, PageRequest } from './page-request.js';
import { pageErrors } from './page-errors.js';
import { pagePolicy } from './page-policy.js';
import type { Render } from './templates.js';

export interface NavigationItem {
  readonly text: string;
  readonly href: string;
  /** Shown to whoever has one of these roles; to everybody signed in if not given. */
  readonly roles?: readonly string[];
}

/** What a template needs; also `form` where it has one. */
export type PageData = { readonly title: string } & Readonly<Record<string, unknown>>;

export interface Welcome {
  readonly user: User | undefined;
  /** `template`: its path from the folder of the app's main.ts. `title` holds nothing about a person or a query. */
  show(template: string, data: PageData, status?: number): void;
  /** On to another page, which shows the notice once. */
  go(path: string, notice?: string): Promise<void>;
}

export interface Visit extends Welcome {
  readonly user: User;
  readonly session: Session;
  /** What was typed, after a POST; also what was sent when the session was over, once, after signing in again. */
  readonly form: TypedForm;
  /** For streams: whether the session still lives, so that they end with it. */
  readonly isSignedIn: () => Promise<boolean>;
}

export interface Visits {
  /** Somebody signed in, with one of the roles if any are given; throws for anybody else. */
  visit(request: PageRequest, reply: PageReply, roles?: readonly string[]): Promise<Visit>;
  /** Anybody. Not for forms. */
  welcome(request: PageRequest, reply: PageReply): Promise<Welcome>;
  showError(request: PageRequest, reply: PageReply, problem: Problem): Promise<void>;
}

/** Thrown to send a browser to sign in. */
export class SignInFirst extends Error {
  override readonly name = 'SignInFirst';
}

export interface VisitParts {
  readonly surface: string;
  readonly navigation: readonly NavigationItem[];
  readonly render: Render;
  readonly signIn: SignIn;
  readonly provider: Pick<IdentityProvider, 'origin'>;
}

/** A cookie is written anew no oftener than this, in milliseconds. */
const renewAfter = 30_000;

export function openVisits({ surface, navigation, render, signIn, provider }: VisitParts): Visits {
  const policy = pagePolicy(provider.origin);

  function answerWith(request: PageRequest, reply: PageReply, session?: Session, takenUp?: TypedForm): Welcome {
    const user = session && userOf(session);
    return {
      user,
      show: (template, data, status = 200) => {
        const items = user === undefined ? [] : navigation.filter(isFor(user)).map(itemAt(request.url));
        const { csrf, notice } = session ?? {};
        const around = { surface, navigation: items, user: session, csrf, notice, isTakenUp: takenUp !== undefined };
        const html = render(template, { ...data, ...around });
        reply
          .status(status)
          .header('content-type', 'text/html; charset=utf-8')
          .header('content-security-policy', policy);
        reply.send(html);
      },
      go: async (path, notice) => {
        if (notice !== undefined && session !== undefined)
          reply.header('set-cookie', await signIn.write({ ...session, seen: Date.now(), notice }));
        reply.status(303).header('location', path).send();
      },
    };
  }

  return {
    welcome: async (request, reply) => answerWith(request, reply, await signIn.sessionOf(request)),
    visit: async (request, reply, roles) => {
      const session = await signIn.sessionOf(request);
      const form = readForm(request.body);
      const asks = request.method === 'GET' || request.method === 'HEAD';
      if (session === undefined) {
        if (!asks) await signIn.setAside(request, pathOf(request.url), form);
        throw new SignInFirst('no session');
      }
      if (!asks && !isOwnForm(session, form['_csrf'])) throw formExpired();
      if (roles !== undefined && !roles.some((role) => session.roles.includes(role))) throw Problem.of('role-required');
      const isBack = request.method === 'GET' && session.typed === pathOf(request.url);
      const takenUp = isBack ? await signIn.takeUp(session) : undefined;
      await renew(reply, session, asks, isBack);
      return {
        ...answerWith(request, reply, session, takenUp),
        user: userOf(session),
        session,
        form: takenUp ?? form,
        isSignedIn: () => signIn.isAlive(session),
      };
    },
    showError: async (request, reply, problem) => {
      const { title, lines, again } = pageErrors(problem.code, problem.status);
      const fields = problem.errors.map(({ field, message }) => `${field} ${message}`);
      const session = await signIn.sessionOf(request);
      answerWith(request, reply, session).show('error.njk', { title, lines, again, fields }, problem.status);
    },
  };

  async function renew(reply: PageReply, session: Session, asks: boolean, isBack: boolean): Promise<void> {
    const now = Date.now();
    if (now - session.seen < renewAfter && (session.notice === undefined || !asks) && !isBack) return;
    const { notice, typed, ...rest } = session;
    const kept = {
      ...(asks || notice === undefined ? {} : { notice }),
      ...(isBack || typed === undefined ? {} : { typed }),
    };
    reply.header('set-cookie', await signIn.write({ ...rest, ...kept, seen: now }));
  }
}

function formExpired(): Problem {
  return new Problem('form-expired', 403, 'The form was not made for this session');
}

function userOf({ subject, roles, claims }: Session): User {
  return { kind: 'user', subject, roles, claims };
}

function isFor({ roles }: User): (item: NavigationItem) => boolean {
  return (item) => item.roles?.some((role) => roles.includes(role)) ?? true;
}

function itemAt(url: string): (item: NavigationItem) => object {
  const path = pathOf(url);
  return ({ text, href }) => ({
    text,
    href,
    current: path === href,
    active: href !== '/' && path.startsWith(`${href}/`),
  });
}

function pathOf(url: string): string {
  return url.split('?')[0] ?? '/';
}
