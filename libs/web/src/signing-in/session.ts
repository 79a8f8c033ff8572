// A session: who has signed in, since when, and the token that this person's forms carry. It lives in a sealed cookie;
// of it the app keeps only which sessions were ended before their time (ended-sessions.ts).
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { personOf } from '../person.js';

const session = z.strictObject({
  id: z.string(),
  subject: z.string().min(1),
  /** The claim that `subject` was, where that is not `sub`. */
  person: z.string().optional(),
  name: z.string().optional(),
  roles: z.array(z.string()),
  /** Of the ID token, those that the app asked to keep. */
  claims: z.record(z.string(), z.unknown()),
  csrf: z.string(),
  /** Milliseconds since 1970. */
  began: z.number(),
  seen: z.number(),
  /** Shown once, on the next page. */
  notice: z.string().optional(),
  /** The path of a form that is set aside: it was sent when the session before this one was over. */
  typed: z.string().optional(),
});
export type Session = z.infer<typeof session>;

export interface SessionLimits {
  readonly idleMinutes: number;
  readonly longestMinutes: number;
}

const minute = 60_000;

export function readSession(json: unknown): Session | undefined {
  return session.safeParse(json).data;
}

const signedIn = z.object({
  name: z.string().max(200).optional().catch(undefined),
  roles: z.array(z.string().max(64)).max(50).default([]),
});

/** Which claims an app goes by. */
export interface ClaimsUsed {
  /** Tells who somebody is. */
  readonly person: string;
  /** Kept as they are. */
  readonly kept: readonly string[];
}

/** Always a new one, with a new id: whatever the browser had before is not continued. Undefined for claims of nobody. */
export function newSession(
  claims: Readonly<Record<string, unknown>>,
  { person, kept: keep }: ClaimsUsed,
  now: number,
): Session | undefined {
  const found = signedIn.safeParse(claims).data;
  const subject = personOf(claims, person);
  if (found === undefined || subject === undefined) return undefined;
  const { name, roles } = found;
  const kept = Object.fromEntries(keep.flatMap((each) => (Object.hasOwn(claims, each) ? [[each, claims[each]]] : [])));
  const [id, csrf] = [randomId(), randomId()];
  return {
    id,
    subject,
    ...(person === 'sub' ? {} : { person }),
    ...(name === undefined ? {} : { name }),
    roles,
    claims: kept,
    csrf,
    began: now,
    seen: now,
  };
}

/** Whether it knows its owner by the claim that is asked for: one that began before the config named another does not. */
export function isKnownBy({ person = 'sub' }: Session, claim: string): boolean {
  return person === claim;
}

export function isAlive({ began, seen }: Session, { idleMinutes, longestMinutes }: SessionLimits, now: number) {
  return now - seen < idleMinutes * minute && now < endOf({ began }, { longestMinutes });
}

/** By then it has ended, whatever its owner does. */
export function endOf({ began }: Pick<Session, 'began'>, { longestMinutes }: Pick<SessionLimits, 'longestMinutes'>) {
  return began + longestMinutes * minute;
}

/** Whether a form was made for this session. */
export function isOwnForm({ csrf }: Session, given: string | undefined): boolean {
  const [known, told] = [Buffer.from(csrf), Buffer.from(given ?? '')];
  return known.length === told.length && timingSafeEqual(known, told);
}

function randomId(): string {
  return randomBytes(16).toString('base64url');
}
