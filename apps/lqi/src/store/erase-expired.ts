// What this holder keeps no longer: replay records of queries, and who decided on their releases, once the time that the
// agreement sets is over.
import type { Erase } from '@anonymesh/courier';

export const eraseExpired: Erase = async (knex, now) => {
  const expired = () => knex('set_queries').where('kept_until', '<=', now);
  const approvals = await knex('approvals').whereIn('query_id', expired().select('query_id')).delete();
  const sets = await expired().delete();
  const checks = await knex('subqueries').where('kept_until', '<=', now).delete();
  return approvals + sets + checks;
};
