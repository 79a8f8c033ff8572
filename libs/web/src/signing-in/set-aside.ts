// Forms that were sent when their session was over: kept for some minutes, for whoever typed them to go on after signing in
// again. What was typed lies in the app's own store, sealed under a key that is made from the session's id: that stands in
// the browser's sealed cookie alone, so neither the store nor the app's secret nor both together open it.
import { hkdfSync } from 'node:crypto';
import { z } from 'zod';
import type { Store } from '@anonymesh/store';
import type { TypedForm } from '../pages/form.js';
import type { Session } from './session.js';
import { seal, unseal } from './sealing.js';

type Whose = Pick<Session, 'id' | 'subject'>;

export interface SetAside {
  /** One for each session: the next one replaces it. Returns whether there was something to keep. */
  put(session: Whose, path: string, form: TypedForm): Promise<boolean>;
  /**
   * From a session that is over to the one that follows it in the same browser, if the same person has signed in; what
   * another person typed is deleted. Returns the path of the form.
   */
  handOver(from: Whose, to: Whose): Promise<string | undefined>;
  /** Once. */
  take(session: Whose): Promise<TypedForm | undefined>;
}

const minutes = 15;
/** Of the form as JSON; larger than any of ours. */
const largest = 16_384;

const content = z.strictObject({ subject: z.string(), path: z.string(), form: z.record(z.string(), z.string()) });
type Content = z.infer<typeof content>;

export function openSetAside({ knex }: Pick<Store, 'knex'>, secret: Uint8Array): SetAside {
  const made = (id: string, what: 'id' | 'key') =>
    new Uint8Array(hkdfSync('sha256', secret, id, `anonymesh/pages/set-aside/${what}/v1`, 32));
  const nameOf = ({ id }: Whose) => Buffer.from(made(id, 'id')).toString('base64url');

  async function keep(session: Whose, kept: Content): Promise<void> {
    const row = {
      id: nameOf(session),
      sealed: await seal(JSON.stringify(kept), made(session.id, 'key')),
      until: Date.now() + minutes * 60_000,
    };
    await knex('set_aside_forms').insert(row).onConflict('id').merge();
  }

  async function remove(session: Whose): Promise<Content | undefined> {
    const mine = () =>
      knex<{ id: string; sealed: string; until: number }>('set_aside_forms').where('id', nameOf(session));
    const row = await mine().first();
    // Two that ask at once: the one whose deletion counts has it.
    if (row === undefined || (await mine().delete()) !== 1 || row.until <= Date.now()) return undefined;
    const text = await unseal(row.sealed, made(session.id, 'key'));
    const kept = text === undefined ? undefined : content.safeParse(JSON.parse(text)).data;
    return kept?.subject === session.subject ? kept : undefined;
  }

  return {
    put: async (session, path, { _csrf, ...form }) => {
      const typed = Object.values(form).some((value) => value !== '');
      if (!typed || JSON.stringify(form).length > largest) return false;
      await keep(session, { subject: session.subject, path, form });
      return true;
    },
    handOver: async (from, to) => {
      const kept = await remove(from);
      if (kept?.subject !== to.subject) return undefined;
      await keep(to, kept);
      return kept.path;
    },
    take: async (session) => {
      const kept = await remove(session);
      // Without a prototype, as any form.
      return kept && Object.assign(Object.create(null) as Record<string, string>, kept.form);
    },
  };
}
