// Development only: gets an access token for a made-up user of the sandbox, as the story, the tests and the benchmarks
// need it.

/** The grant type by which the development identity provider gives a token without a browser. */
export const devLoginGrant = 'urn:anonymesh:dev-login';

export interface DevLogin {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
  /** The API that the token is for, as a URI. */
  readonly audience: string;
}

/** A JWT; throws the provider's error code if it gives none. */
export async function devToken(login: DevLogin): Promise<string> {
  const answer = await fetch(`${login.issuer}/token`, {
    method: 'POST',
    redirect: 'error',
    body: new URLSearchParams({
      grant_type: devLoginGrant,
      client_id: login.clientId,
      client_secret: login.clientSecret,
      username: login.username,
      password: login.password,
      audience: login.audience,
    }),
  });
  const told: unknown = await answer.json();
  const token = textIn(told, 'access_token');
  if (answer.status !== 200 || token === undefined)
    throw new Error(`no token: ${textIn(told, 'error') ?? 'no reason'}`);
  return token;
}

function textIn(told: unknown, name: string): string | undefined {
  const found: unknown = typeof told === 'object' && told !== null ? Reflect.get(told, name) : undefined;
  return typeof found === 'string' ? found : undefined;
}
