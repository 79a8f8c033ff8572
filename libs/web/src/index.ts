// What the apps with an API or pages share: who is calling, how no is said, and how answers are kept from leaking.
export { openBearer, type Bearer, type BearerOptions, type BearingRequest, type User } from './bearer.js';
export { Problem, type FieldError, type ProblemDocument, type UsualCode } from './problem.js';
export { ProblemFilter } from './problem-filter.js';
export { readInput } from './read-input.js';
export { secureHeaders } from './security-headers.js';
export { describeApi, type Answer, type Api, type Operation } from './openapi.js';
export { streamEvents, type EventStream, type ServerEvent } from './server-sent-events.js';
