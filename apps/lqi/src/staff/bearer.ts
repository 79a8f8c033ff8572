// The token under which main provides the check of bearer tokens to Nest: undefined where no identity provider is told.
export const BEARER = Symbol('bearer');
