// The pages of the development identity provider: where a user of the sandbox signs in and out, and at its bare address
// what it is. Who signs in has consented: the only apps here are the sandbox's own.
import type { IncomingMessage } from 'node:http';
import type { Context, Provider } from 'oidc-provider';
import { type Account, signIn } from './accounts.js';

export const signInPath = '/sign-in/';
const largestForm = 4096;

/** Its address is printed among those of the pages, and people open it. */
export function showFrontPage(provider: Provider): void {
  provider.use(async (context, next) => {
    if (context.path !== '/' || context.method !== 'GET') return next();
    context.type = 'html';
    context.body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Identity provider (development)</title>
<h1>Identity provider</h1>
<p>Development only: it knows made-up people. Open one of the apps; it sends you here to sign in, and back again.</p>
<p>For programs: <a href="/.well-known/openid-configuration">OpenID Connect configuration</a></p>
</html>`;
  });
}

export function showSignInPage(provider: Provider, accounts: readonly Account[]): void {
  provider.use(async (context, next) => {
    if (!context.path.startsWith(signInPath)) return next();
    const { uid } = await provider.interactionDetails(context.req, context.res);
    if (context.method !== 'POST') return show(context, uid, '');
    const form = await readForm(context.req);
    const account = signIn(accounts, form.get('username'), form.get('password'));
    if (account === undefined) return show(context, uid, '<p role="alert">Wrong name or password.</p>');
    await provider.interactionFinished(context.req, context.res, { login: { accountId: account.id } });
  });
}

// Nothing that a user typed is shown again, so nothing needs escaping; `uid` is the provider's own.
function show(context: Context, uid: string, alert: string): void {
  context.status = alert === '' ? 200 : 401;
  context.type = 'html';
  context.set('cache-control', 'no-store');
  context.body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sign in (development)</title>
<h1>Sign in</h1>
<p>Development only: the people here are made up.</p>
${alert}
<form method="post" action="${signInPath}${uid}">
<p><label>User name <input name="username" autocomplete="username" required></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
<p><button>Sign in</button></p>
</form>
</html>`;
}

/** `form`: the provider's own, whose id is fixed; whoever is asked has just pressed "sign out" in an app. */
export function showSignOutPage(context: Context, form: string): void {
  context.type = 'html';
  context.set('cache-control', 'no-store');
  context.body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sign out (development)</title>
<h1>Sign out</h1>
<p>Do you want to sign out here, too? Other apps then ask you to sign in again.</p>
${form}
<p><button form="op.logoutForm" name="logout" value="yes">Sign out</button></p>
</html>`;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > largestForm) return new URLSearchParams();
  }
  return new URLSearchParams(text);
}
