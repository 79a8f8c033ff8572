// A whole mesh on one machine: founded in a folder, run as child processes. For the sandbox, the tests and the benchmarks.
export { foundMesh, type FoundedMesh, type FoundingOptions } from './found/found-mesh.js';
export { caseworker, subjectAccount, visitor, type SandboxLogin } from './found/accounts.js';
export { audienceOf } from './found/config.js';
export { sandboxParties, type SandboxParty } from './found/parties.js';
export { brokerPlaces, identityProviderPlaces, placesOf, type Places } from './found/places.js';
export { freePorts } from './run/free-ports.js';
export { startMesh, type RunningMesh, type StartOptions } from './run/start-mesh.js';
export type { Child } from './run/child.js';
export { devToken, type DevLogin } from './use/dev-token.js';
export { signInCaseworker, signInSubject, type Asked, type ExplanationView, type QueryView } from './use/people.js';
export { signedInWith, signIn, type SignedIn } from './use/sign-in.js';
