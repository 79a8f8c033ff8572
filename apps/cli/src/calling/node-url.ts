// The address of something at a node: encrypted, or not off this machine, because persons and tokens go there.
import { named, No } from '../telling/no.js';

export function nodeUrl(node: string, path: string): URL {
  const url = named(() => new URL(path, node));
  if (url.username !== '' || url.password !== '')
    throw new No('usage', 'the address must not hold a name or a password');
  const isHere = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere))
    throw new No('usage', `${url.origin}: must be https, unless the node is on this machine`);
  return url;
}
