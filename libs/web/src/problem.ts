// Problem documents (RFC 9457): how every app says no over HTTP. They name the fields that are wrong and never repeat a
// value, so that whoever keeps answers or logs learns nothing about a person.

export type FieldError = {
  /** Where in the body, such as `subject.niNumber`; empty for the body itself. */
  readonly field: string;
  readonly code: string;
  readonly message: string;
};

export type ProblemDocument = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly errors?: readonly FieldError[];
};

const usual = {
  'bad-request': [400, 'The request is malformed'],
  'invalid-input': [400, 'The request has fields that are missing or wrong'],
  'missing-token': [401, 'Sign in first: the request has no bearer token'],
  'invalid-token': [401, 'The bearer token is not valid here'],
  'expired-token': [401, 'The bearer token has expired'],
  'role-required': [403, 'The signed-in user has not the role that this needs'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'This cannot be done here'],
  'body-too-large': [413, 'The body of the request is too large'],
  'unsupported-media-type': [415, 'The body of the request has a type that is not read here'],
  'too-many-requests': [429, 'Too many requests: try again later'],
  unavailable: [500, 'This does not work at the moment'],
  'issuer-unreachable': [503, 'Sign-in cannot be checked at the moment'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type UsualCode = keyof typeof usual;

type Details = {
  readonly errors?: readonly FieldError[];
  /** Seconds after which it may be tried again. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
};

/** An expected no. Thrown in a controller it ends the request with its document; the cause is only for our own log. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind = 'problem';
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldError[];
  readonly retryAfter: number | undefined;

  /** For a no of the app's own: `code` is of a closed list, `title` a sentence without values. */
  constructor(code: string, status: number, title: string, { errors = [], retryAfter, cause }: Details = {}) {
    super(code, { cause });
    this.code = code;
    this.status = status;
    this.title = title;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }

  static of(code: UsualCode, details?: Details): Problem {
    const [status, title] = usual[code];
    return new Problem(code, status, title, details);
  }

  document(): ProblemDocument {
    const { code, status, title, errors } = this;
    const type = `urn:anonymesh:problem:${code}`;
    return { type, title, status, code, ...(errors.length === 0 ? {} : { errors }) };
  }
}
