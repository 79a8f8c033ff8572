// Somebody at a browser without JavaScript: keeps cookies, follows links and redirections, and fills in forms.

export interface Page {
  readonly status: number;
  /** Where the last redirection led. */
  readonly url: URL;
  readonly headers: Headers;
  readonly text: string;
}

export interface Visitor {
  /** By name; what a thief would take along. */
  readonly cookies: Map<string, string>;
  /** `follow`: whether redirections are followed, which they are unless told. */
  open(address: string, options?: { readonly follow?: boolean }): Promise<Page>;
  /** Sends the form of that page which leads to `action`, with its hidden fields. */
  submit(page: Page, action: string, fields?: Readonly<Record<string, string>>): Promise<Page>;
  /** Sends fields as they are. */
  post(address: string, fields: Readonly<Record<string, string>>, headers?: Record<string, string>): Promise<Page>;
}

const mostRedirections = 10;

/** `home`: the address of the app, from which paths start. */
export function visitorOf(home: string): Visitor {
  const cookies = new Map<string, string>();

  async function send(address: URL, init: RequestInit, follow: boolean, left = mostRedirections): Promise<Page> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...init.headers };
    const answer = await fetch(address, { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout(30_000) });
    for (const each of answer.headers.getSetCookie()) keep(each);
    const to = answer.headers.get('location');
    if (to === null || !follow)
      return { status: answer.status, url: address, headers: answer.headers, text: await answer.text() };
    if (left === 0) throw new Error(`redirected too often: ${address.href}`);
    await answer.body?.cancel();
    return send(new URL(to, address), {}, true, left - 1);
  }

  function keep(setCookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(setCookie) ?? [];
    if (/max-age=0/i.test(setCookie)) cookies.delete(name);
    else cookies.set(name, value);
  }

  const visitor: Visitor = {
    cookies,
    open: (address, { follow = true } = {}) => send(new URL(address, home), {}, follow),
    post: (address, fields, headers = {}) =>
      send(new URL(address, home), { method: 'POST', body: new URLSearchParams(fields), headers }, true),
    submit: (page, action, fields = {}) => visitor.post(action, { ...hiddenFields(page.text, action), ...fields }),
  };
  return visitor;
}

function hiddenFields(html: string, action: string): Record<string, string> {
  const form = html.split('<form ').find((part) => part.includes(`action="${action}"`));
  if (form === undefined) throw new Error(`the page has no form to ${action}`);
  const hidden = form.split('</form>')[0]?.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g) ?? [];
  return Object.fromEntries([...hidden].map(([, name, value]) => [name ?? '', value ?? '']));
}
