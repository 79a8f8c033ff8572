// What goes in and out when a caseworker asks, as the API reads and describes it.
import { queryId, releaseMode } from '@anonymesh/protocol';
import { z } from 'zod';

export const question = z.strictObject({
  /** The agreement's id, such as `right-to-remain`; its newest version counts. */
  agreement: z.string().min(1).max(64),
  /** Every field of the agreement, as text; each is checked against the agreement. Of a set query, what it is asked with. */
  subject: z.record(z.string(), z.unknown()).default({}),
});

export const receipt = z.object({
  queryId,
  /** For the applicant; a set query is about nobody and has none. */
  reference: z.string().optional(),
  state: z.enum(['asking', 'waiting']),
});
export type Receipt = z.infer<typeof receipt>;

export const askableAgreements = z.object({
  agreements: z.array(
    z.object({
      id: z.string(),
      version: z.int(),
      title: z.string(),
      purpose: z.string(),
      legalBasis: z.string(),
      role: z.string(),
      /** One can ask while it is `in-force`; and in words, such as for whom it waits. */
      standing: z.string(),
      inWords: z.string(),
      kind: z.enum(['check', 'set']),
      /** Of a check: by which of the fields the person is known. */
      subjectKey: z.string().optional(),
      /** Of a set query: what is released. */
      release: releaseMode.optional(),
      fields: z.record(z.string(), z.object({ format: z.string(), label: z.string(), hint: z.string().optional() })),
      deadlineSeconds: z.int(),
    }),
  ),
});
export type AskableAgreements = z.infer<typeof askableAgreements>;
