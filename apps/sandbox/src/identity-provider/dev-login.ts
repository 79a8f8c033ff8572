// Development only: a token for a user by name and password, without a browser, for the story and the tests. It is a
// grant type of its own, because a client's own credentials would not be a user's.
import { type Context, type Provider, type ResourceServerInfo, errors } from 'oidc-provider';
import { type Account, signIn } from './accounts.js';

export const devLoginGrant = 'urn:anonymesh:dev-login';

export function allowDevLogin(
  provider: Provider,
  accounts: readonly Account[],
  serverOf: (audience: string) => ResourceServerInfo,
): void {
  async function issue(context: Context): Promise<void> {
    const { username, password, audience } = context.oidc.params;
    const account = signIn(accounts, username, password);
    if (account === undefined) throw new errors.InvalidGrant('wrong name or password');
    if (typeof audience !== 'string' || !URL.canParse(audience)) throw new errors.InvalidTarget('audience is no URI');
    const { client } = context.oidc;
    const token = new provider.AccessToken({ accountId: account.id, client, gty: devLoginGrant });
    token.resourceServer = new provider.ResourceServer(audience, serverOf(audience));
    const accessToken = await token.save();
    context.body = { access_token: accessToken, expires_in: token.expiration, token_type: token.tokenType };
  }
  provider.registerGrantType(devLoginGrant, issue, ['username', 'password', 'audience']);
}
