// What this holder keeps no longer: replay records of queries, who decided on them and on their releases, and what left
// for them, once the time that the agreement sets is over. What its log says of them stays, and can be opened no more.
import type { Erase } from '@anonymesh/courier';
import { eraseSalts } from '@anonymesh/evidence';
import { eraseUses } from '@anonymesh/store';
import { eraseSessions } from '@anonymesh/web';
import { eraseAsked } from './asked-persons.js';
import { eraseDisclosures } from './disclosures.js';
import { eraseDecisions } from './query-approvals.js';
import { eraseSketches } from './sketches.js';
import { eraseWords } from './testimonies.js';

export const eraseExpired: Erase = async (knex, now) => {
  const expired = () => knex('set_queries').where('kept_until', '<=', now);
  await eraseSalts(knex, expired().select('query_id'));
  await eraseSalts(knex, knex('subqueries').where('kept_until', '<=', now).select('query_id'));
  const decisions = await eraseDecisions(knex, now);
  const approvals = await knex('approvals').whereIn('query_id', expired().select('query_id')).delete();
  await knex('chunks').whereIn('query_id', expired().select('query_id')).delete();
  const sets = await expired().delete();
  const checks = await knex('subqueries').where('kept_until', '<=', now).delete();
  const disclosures = await eraseDisclosures(knex, now);
  const counted = (await eraseUses(knex, now)) + (await eraseAsked(knex, now)) + (await eraseSketches(knex, now));
  const words = await eraseWords(knex, now);
  return words + decisions + approvals + sets + checks + disclosures + counted + (await eraseSessions(knex, now));
};
