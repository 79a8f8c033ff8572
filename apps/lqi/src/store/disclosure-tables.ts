// The table of what left this holder, and the one secret by which its rows can be found again by subject.
import type { Migration } from '@anonymesh/store';

export const disclosureTables: readonly Migration[] = [
  {
    name: 'lqi-disclosures-1',
    async up(transaction) {
      await transaction.schema.createTable('disclosures', (table) => {
        table.bigIncrements('id');
        table.string('query_id', 32).notNullable();
        table.string('kind', 16).notNullable();
        table.bigInteger('at').notNullable();
        table.bigInteger('asked_at');
        table.string('agreement', 43).notNullable();
        table.string('agreement_id', 63).notNullable();
        table.integer('agreement_version').notNullable();
        table.string('template', 43).notNullable();
        table.string('template_id', 63);
        table.integer('template_version');
        table.string('requester', 32);
        table.string('recipient', 32).notNullable();
        table.integer('records');
        table.string('code', 32);
        table.string('mark', 43).index();
        table.bigInteger('kept_until').notNullable().index();
      });
      await transaction.schema.createTable('mark_secrets', (table) => {
        table.integer('id').primary();
        table.string('own_key', 43).notNullable();
        table.text('sealed').notNullable();
      });
    },
  },
  {
    name: 'lqi-disclosures-2',
    async up(transaction) {
      // An auditor is named by what it is called. An embedded store minds no lengths.
      const { dialect } = transaction.client as { readonly dialect: string };
      if (dialect === 'postgresql')
        await transaction.raw('alter table disclosures alter column recipient type varchar(200)');
    },
  },
];
