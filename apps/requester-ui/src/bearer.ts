// The token under which main provides the check of bearer tokens to Nest.
export const BEARER = Symbol('bearer');
