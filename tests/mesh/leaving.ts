// For tests: the letters of queries that wait to leave a party. Checkpoints and notices are of no query, and come and go all
// the time.
export const leaving = `select id, 'outbox' as place from outbox
  where subject not like '%.checkpoint' and subject not like '%.notice'`;
