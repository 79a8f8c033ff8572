// The config of an app's pages in front of a provider for tests, with fresh secrets in a folder of their own.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import type { SignInProvider } from './sign-in-provider.js';

/** As it stands in a config file; `port` is the one to listen on. */
export async function pagesOf({ url, clientId, clientSecret }: SignInProvider) {
  const [port, dir] = await Promise.all([freePort(), mkdtemp(join(tmpdir(), 'anonymesh-pages-'))]);
  const secret = async (name: string, text: string) => {
    await writeFile(join(dir, name), text, { mode: 0o600 });
    return join(dir, name);
  };
  const config = {
    publicUrl: `http://127.0.0.1:${port}`,
    issuer: url,
    clientId,
    clientSecret: await secret('client', clientSecret),
    sessionSecret: await secret('session', randomBytes(32).toString('base64')),
  };
  return { config, port, remove: () => rm(dir, { recursive: true }) };
}
