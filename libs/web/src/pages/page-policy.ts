// The Content-Security-Policy of pages: files of this app and nothing else, no script or style inside a page.

/** `provider`: the identity provider's origin, to which the form for signing out leads. */
export function pagePolicy(provider: string): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    `form-action 'self' ${provider}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
