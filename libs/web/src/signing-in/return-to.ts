// Where somebody goes on after signing in: a path of this app and nothing else, whatever a link that somebody was sent
// may say.

export function safePath(wanted: unknown, publicUrl: string): string {
  if (typeof wanted !== 'string' || wanted.length > 500) return '/';
  // A browser reads `//host` and `/\host` as another host, and drops tabs and line breaks before it looks.
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(wanted) || wanted.includes('\\')) return '/';
  const address = new URL(wanted, publicUrl);
  // Dots are resolved before the origin is compared: `/..//host` is a path of ours that begins with two slashes.
  const path = `${address.pathname}${address.search}`;
  return address.origin === publicUrl && !path.startsWith('//') ? path : '/';
}
