// What the apps with an API or pages share: who is calling, how no is said, and how answers are kept from leaking.
export { openBearer, type Bearer, type BearerOptions, type BearingRequest, type User } from './bearer.js';
export { haveOneIssuer, oneIssuer, personClaim } from './person.js';
export { Problem, type FieldError, type ProblemDocument, type UsualCode } from './problem.js';
export { ProblemFilter } from './problem-filter.js';
export { readInput } from './read-input.js';
export { secureHeaders } from './security-headers.js';
export { describeApi, type Answer, type Api, type Operation } from './openapi.js';
export { streamEvents, type EventStream, type ServerEvent } from './server-sent-events.js';
export { openPages, PAGES, type Pages, type PagesOptions } from './pages/pages.js';
export { pagesConfig, siteAddress, type PagesConfig } from './pages/pages-config.js';
export { formState, readDate, type FormFault, type FormState, type TypedForm } from './pages/form.js';
export { fieldWords } from './pages/field-words.js';
export type { NavigationItem, PageData, Visit, Welcome } from './pages/visit.js';
export type { PageReply, PageRequest } from './pages/page-request.js';
export type { AssetSource } from './assets/assets.js';
export { AssetsController } from './assets/assets.controller.js';
export { SignInController } from './signing-in/sign-in.controller.js';
export { eraseSessions, sessionTables } from './signing-in/session-tables.js';
