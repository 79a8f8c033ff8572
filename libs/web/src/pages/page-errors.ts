// What people read when something does not work: what it means for them and what to do. By code, without a value.

export interface PageError {
  readonly title: string;
  readonly lines: readonly string[];
  readonly again?: { readonly text: string; readonly href: string };
}

const signInAgain = { text: 'Sign in', href: '/sign-in' };

const byCode: Readonly<Record<string, PageError>> = {
  'not-found': {
    title: 'Page not found',
    lines: ['Check the address. What is no longer kept, or not yours to see, is not found either.'],
  },
  'role-required': {
    title: 'You cannot use this page',
    lines: ['Your account has not the role that this page needs. Ask your administrator for it.'],
  },
  'form-expired': {
    title: 'This form has expired',
    lines: ['It was opened before you last signed in, or somewhere else. Nothing was sent. Open the page again.'],
  },
  'sign-in-failed': {
    title: 'You are not signed in',
    lines: ['Signing in was cancelled, took too long, or was begun in another window.'],
    again: signInAgain,
  },
  'issuer-unreachable': {
    title: 'You cannot sign in at the moment',
    lines: ['The identity provider does not answer. Try again in a few minutes.'],
    again: signInAgain,
  },
  'mesh-down': {
    title: 'The mesh does not answer',
    lines: ['Nothing was lost. Try again in a few minutes; if it lasts, tell your administrator.'],
  },
  'too-many-requests': {
    title: 'Too many tries',
    lines: ['Wait a few minutes, then try again.'],
  },
};

const wrong: PageError = {
  title: 'This cannot be done',
  lines: ['What was sent is not something that this page takes. Go back and try again.'],
};
const failed: PageError = {
  title: 'Sorry, something has gone wrong',
  lines: ['It is not your doing, and we have been told. Try again in a few minutes.'],
};

export function pageErrors(code: string, status: number): PageError {
  return byCode[code] ?? (status === 404 ? byCode['not-found'] : undefined) ?? (status < 500 ? wrong : failed);
}
