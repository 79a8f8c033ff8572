// Templates: the query code that a holder agreed to run, as a file at the holder. The agreement pins it by hash, and by
// the two people who wrote and reviewed it; nothing else is ever run.
import {
  canonicalBytes,
  compactJws,
  fieldName,
  parseJson,
  sha256Of,
  shortText,
  signJws,
  verifyJws,
  bytesText,
  type HolderTerms,
  type SigningKey,
} from '@anonymesh/protocol';
import { z } from 'zod';
import { fingerprintOf, identityKey } from './fingerprint.js';
import { publicBytes } from './key-file.js';

const type = 'anonymesh-template-signature';
const reasonCode = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);

/** What the code is, and where it runs. */
const sql = {
  kind: z.literal('sql'),
  dialect: z.enum(['postgresql', 'mysql', 'sqlite']),
  statement: z.string().min(1).max(20_000),
};
const pipeline = {
  kind: z.literal('pipeline'),
  collection: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/),
  stages: z.array(z.record(z.string(), z.unknown())).min(1).max(50),
};

const heading = {
  id: z.string().regex(/^[a-z][a-z0-9-]{1,62}$/),
  version: z.int().min(1),
  title: z.string().min(1).max(200),
};

/** What the code of a check gives: whether there is a concern, and what the subject is told about it. */
const check = {
  ...heading,
  /** Fields of the agreement that the code takes; `asOf` is the day of asking. */
  parameters: z.array(fieldName).min(1).max(16),
  /** `row`: one row whose column `concern` tells. `exists`: a concern if there is any row. */
  answer: z.enum(['row', 'exists']),
  /** The code of the reason, unless a column `reason` names another of `reasons`. */
  reason: reasonCode,
  reasons: z.record(reasonCode, shortText(300).min(1)),
  contact: shortText(200).min(1),
  rows: z.int().min(1).max(1000),
  milliseconds: z.int().min(10).max(600_000),
};

const checkTemplate = z
  .discriminatedUnion('kind', [z.strictObject({ ...check, ...sql }), z.strictObject({ ...check, ...pipeline })])
  .refine(({ reason, reasons }) => Object.hasOwn(reasons, reason), { path: ['reason'], error: 'not among reasons' });
export type CheckTemplate = z.infer<typeof checkTemplate>;

/** The code of a set query: each of its rows is one person, with the fields of the agreement's keys and its releases. */
const set = {
  ...heading,
  parameters: z.array(fieldName).max(16),
  answer: z.literal('set'),
  rows: z.int().min(1).max(20_000_000),
  milliseconds: z.int().min(10).max(3_600_000),
};

const setTemplate = z.discriminatedUnion('kind', [
  z.strictObject({ ...set, ...sql }),
  z.strictObject({ ...set, ...pipeline }),
]);
export type SetTemplate = z.infer<typeof setTemplate>;

export const template = z.discriminatedUnion('answer', [checkTemplate, setTemplate]);
export type Template = z.infer<typeof template>;

/** The signatures beside a template: of its author, and of a reviewer who is somebody else. */
export const templateSignatures = z.array(z.strictObject({ identity: bytesText(32), signature: compactJws })).max(8);
export type TemplateSignatures = z.infer<typeof templateSignatures>;

export function templateHashOf(content: Template): string {
  return sha256Of(canonicalBytes(content));
}

export async function signTemplate(content: Template, person: SigningKey): Promise<TemplateSignatures[number]> {
  const signature = await signJws(canonicalBytes({ template: templateHashOf(content) }), type, person);
  return { identity: publicBytes(person).toString('base64url'), signature };
}

/** Whether the person with this fingerprint is among those who signed it. */
export function templateSignedBy(content: Template, signatures: TemplateSignatures, fingerprint: string): boolean {
  const hash = templateHashOf(content);
  return signatures.some(({ identity, signature }) => {
    if (fingerprintOf(identity) !== fingerprint) return false;
    const verified = verifyJws(signature, type, (kid) => (kid === fingerprint ? identityKey(identity) : undefined));
    const signed = typeof verified === 'string' ? undefined : parseJson(verified.payload);
    return z.strictObject({ template: z.literal(hash) }).safeParse(signed).success;
  });
}

/** Whether this is the template that the agreement pins for this holder, signed by both of its people. */
export function isPinned(content: Template, signatures: TemplateSignatures, terms: HolderTerms['template']): boolean {
  const { hash, author, reviewer } = terms;
  const signedBy = (person: string) => templateSignedBy(content, signatures, person);
  return templateHashOf(content) === hash && author !== reviewer && signedBy(author) && signedBy(reviewer);
}
