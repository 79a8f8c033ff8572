// How a node's no is told: by its problem document (RFC 9457), with the names of fields and never a value. Whatever is no
// such document is not repeated at all.
import { z } from 'zod';
import { No } from '../telling/no.js';
import { printable } from '../telling/printable.js';

const word = z.string().regex(/^[a-z][a-z-]{0,63}$/);
const text = z.string().max(300).transform(printable);
const problem = z.object({
  title: text,
  code: word,
  errors: z
    .array(z.object({ field: text, code: word, message: text }))
    .max(50)
    .default([]),
});

/** Ask again later: nobody has decided anything. So is all that comes too often (429), by whichever limit. */
const passing = ['unavailable', 'issuer-unreachable', 'mesh-down'];

/** What to do about it, where the node's own words do not say. */
const advice: Readonly<Record<string, string>> = {
  'invalid-token': 'get a token for this node’s API',
  'expired-token': 'get a new one',
};

export function noOf(origin: string, status: number, body: unknown): No {
  const parsed = problem.safeParse(body);
  if (!parsed.success) {
    const kind = status >= 500 || status === 429 ? 'unanswered' : 'declined';
    const where =
      status >= 300 && status < 400 ? 'sends elsewhere, which is not followed' : 'is this a node’s address?';
    return new No(kind, `${origin}: said ${status}; ${where}`, { details: { status } });
  }
  const { title, code, errors } = parsed.data;
  const head = advice[code] === undefined ? `${title} (${code})` : `${title} (${code}): ${advice[code]}`;
  const lines = errors.map(({ field, message }) => `  ${field === '' ? 'the request' : field}: ${message}`);
  const kind = status === 429 || passing.includes(code) ? 'unanswered' : 'declined';
  return new No(kind, [head, ...lines], { details: { status, code, errors } });
}
