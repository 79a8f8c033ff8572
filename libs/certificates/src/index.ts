// @anonymesh/certificates: a small certificate authority of an organisation's own, for TLS alone. What the mesh believes
// about letters never rests on it: those are signed and sealed with other keys.
export { newAuthority, type Authority, type NewAuthority } from './authority.js';
export { domainsOf } from './constraints.js';
export { describeCertificate, type Described } from './describe.js';
export { namesFrom, type Names } from './names.js';
export { issue, issueFor, reissue, type Issuing, type Role } from './issue.js';
export { newRequest, type Requested } from './request.js';
