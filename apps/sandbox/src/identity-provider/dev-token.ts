// Development only: an access token for a made-up user, where the provider's own specs look for it.
export { devToken, type DevLogin } from '@anonymesh/founding';
