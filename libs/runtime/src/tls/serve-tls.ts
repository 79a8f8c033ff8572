// A server's certificate, read anew when its files change: whoever is connected stays, new handshakes use the new one.
import type { Server } from 'node:tls';
import type { Log } from '../log.js';
import { loggable } from '../loggable.js';
import { readCredentials, TlsFault, type Credentials } from './credentials.js';
import type { TlsFiles } from './tls-files.js';

/** Looks every so many milliseconds until `end` is called. */
export function renewWhenChanged(
  server: Pick<Server, 'setSecureContext'>,
  files: TlsFiles,
  first: Credentials,
  log: Log,
  every = 5000,
): { readonly end: () => void } {
  let [used, said] = [first, ''];
  const look = () => {
    try {
      const found = readCredentials(files);
      said = '';
      if (found.cert === used.cert && found.key === used.key) return;
      server.setSecureContext({ cert: found.cert, key: found.key });
      used = found;
      log.info('tls.renewed');
    } catch (error) {
      const code = error instanceof TlsFault ? error.code : 'unreadable';
      if (said !== code) log.warn('tls.not-renewed', { found: loggable.code(code) });
      said = code;
    }
  };
  const timer = setInterval(look, every).unref();
  return { end: () => clearInterval(timer) };
}
