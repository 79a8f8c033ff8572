// What the files of secrets hold, looked at as the config is: a wrong one is told with its key, and not by what a driver or
// the broker makes of it later. Nothing of a secret is repeated.
import { createPrivateKey } from 'node:crypto';
import type { Look } from './config-path.js';

/** A private key of this curve, PEM. */
export function privateKey(curve: 'Ed25519' | 'X25519'): Look {
  const fix = `name the file of an ${curve} key: mesh keys new makes them`;
  return (text) => {
    const found = typeOf(text);
    if (found === undefined) return { fault: 'not a private key', fix };
    return found === curve.toLowerCase() ? undefined : { fault: `not an ${curve} key`, fix };
  };
}

function typeOf(pem: string): string | undefined {
  try {
    return createPrivateKey(pem).asymmetricKeyType;
  } catch {
    return undefined; // what is wrong with it may quote it
  }
}

/** The address of a database, with one of these schemes; the first is the one to write. */
export function connectionString(...schemes: readonly [string, ...string[]]): Look {
  const fix = `write it as ${schemes[0]}://user:password@host/database`;
  return (text) => {
    const url = text.trim();
    const scheme = /^([a-z+]+):\/\//.exec(url)?.[1];
    if (scheme === undefined) return { fault: 'no connection string in it', fix };
    if (!schemes.includes(scheme)) return { fault: 'the connection string of another kind of database', fix };
    // Several machines stand in one address of MongoDB, which then is no URL.
    if (URL.canParse(url) || scheme.startsWith('mongodb')) return undefined;
    return { fault: 'the connection string is no address', fix: `${fix}, with special characters as %XX` };
  };
}

/** So many bytes or more. */
export function atLeast(bytes: number, fix: string): Look {
  const fault = bytes === 1 ? 'nothing in it' : `fewer than ${bytes} bytes in it`;
  return (text) => (Buffer.byteLength(text.trim()) < bytes ? { fault, fix } : undefined);
}
