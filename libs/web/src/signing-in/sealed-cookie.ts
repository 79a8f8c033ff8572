// Cookies that only this app reads: sealed (JWE, AES-256-GCM) under a key of their own purpose, so that one kind never
// passes for another. Script in a page cannot read them, and other sites' forms do not send them.
import { createHash, hkdfSync } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import { seal, unseal } from './sealing.js';

export interface SealedCookie<Content> {
  /** What the request's cookie holds; undefined if it has none, or one that we did not seal. */
  read(request: { readonly headers: { readonly cookie?: string | undefined } }): Promise<Content | undefined>;
  /** A value for the header `set-cookie`. */
  write(content: Content): Promise<string>;
  readonly clear: string;
}

export interface CookieOptions<Content> {
  readonly purpose: 'session' | 'signing-in';
  readonly publicUrl: string;
  readonly secret: Uint8Array;
  /** Returns undefined for what is not such content. */
  readonly parse: (json: unknown) => Content | undefined;
}

/** Browsers drop larger ones without a word. */
const largest = 4096;

export function sealedCookie<Content>({ purpose, publicUrl, secret, parse }: CookieOptions<Content>) {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', `anonymesh/pages/${purpose}/v1\0${publicUrl}`, 32));
  const secure = publicUrl.startsWith('https:');
  // Cookies do not know ports: two apps on one host must not overwrite each other's.
  const host = createHash('sha256').update(publicUrl).digest('hex').slice(0, 8);
  // With this prefix a browser takes it from nobody else, not even from a neighbouring host. It needs TLS.
  const name = `${secure ? '__Host-' : ''}${purpose}-${host}`;
  // Lax, not strict: whoever comes back from the identity provider, or by a link in a letter, is signed in.
  const attributes = { name, httpOnly: true, sameSite: 'lax', path: '/', secure } as const;

  const cookie: SealedCookie<Content> = {
    read: async ({ headers }) => {
      const sealed = headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[name];
      if (sealed === undefined || sealed.length > largest) return undefined;
      const text = await unseal(sealed, key);
      return text === undefined ? undefined : parse(JSON.parse(text));
    },
    write: async (content) => {
      const value = await seal(JSON.stringify(content), key);
      const written = stringifySetCookie({ ...attributes, value });
      if (written.length > largest) throw new RangeError('the identity provider says more than a cookie holds');
      return written;
    },
    clear: stringifySetCookie({ ...attributes, value: '', maxAge: 0 }),
  };
  return cookie;
}
