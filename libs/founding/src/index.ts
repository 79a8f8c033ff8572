// A whole mesh on one machine: founded in a folder, run as child processes. For the sandbox, the tests and the benchmarks.
export { foundMesh, partiesOf, type FoundedMesh, type FoundingOptions } from './found/found-mesh.js';
export {
  administrator,
  approver,
  caseworker,
  secondApprover,
  socialWorker,
  subjectAccount,
  viewer,
  visitor,
  type SandboxLogin,
} from './found/accounts.js';
export { audienceOf, brokerUrl } from './found/config.js';
export { atRiskChildren } from './found/examples/at-risk-children.js';
export type { Example } from './found/examples/example.js';
export { rightToRemain } from './found/examples/right-to-remain.js';
export type { SandboxParty } from './found/parties.js';
export { brokerPlaces, identityProviderPlaces, placesOf, type Places } from './found/places.js';
export { freePorts, freePortsFor } from './run/free-ports.js';
export { nodeOptionsOf, programOf } from './run/programs.js';
export { provisionBroker } from './run/provision-broker.js';
export { startMesh, type RunningMesh, type StartOptions } from './run/start-mesh.js';
export { glibcLimits, type Child } from './run/child.js';
export { devToken, type DevLogin } from './use/dev-token.js';
export {
  signInApprover,
  signInCaseworker,
  signInSocialWorker,
  signInSubject,
  type Asked,
  type ExplanationView,
  type QueryView,
} from './use/people.js';
export { signedInWith, signIn, type SignedIn } from './use/sign-in.js';
