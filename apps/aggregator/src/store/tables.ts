// The aggregator's tables: by query ID, and with nothing about a person.
import type { Migration } from '@anonymesh/store';

export const tables: readonly Migration[] = [
  {
    name: 'aggregator-1',
    async up(transaction) {
      await transaction.schema.createTable('queries', (table) => {
        table.string('id', 32).primary();
        table.string('agreement', 43).notNullable();
        table.string('nonce', 22).notNullable();
        table.string('requester', 32).notNullable();
        table.bigInteger('expected_at').notNullable();
        table.bigInteger('due').notNullable();
        table.bigInteger('kept_until').notNullable().index();
        table.string('state', 16).notNullable();
        table.integer('heard').notNullable();
        table.text('outcome');
        table.index(['state', 'due']);
      });
      await transaction.schema.createTable('words', (table) => {
        table.string('query_id', 32).notNullable();
        table.string('holder', 32).notNullable();
        table.string('agreement', 43).notNullable();
        table.string('kind', 16).notNullable();
        table.text('signed').notNullable();
        table.text('explanation');
        table.bigInteger('kept_until').notNullable().index();
        table.primary(['query_id', 'holder']);
      });
    },
  },
  {
    name: 'aggregator-2',
    async up(transaction) {
      await transaction.schema.alterTable('queries', (table) => {
        table.string('kind', 8).notNullable().defaultTo('check');
      });
      await transaction.schema.createTable('sets', (table) => {
        table.string('query_id', 32).primary();
        table.string('stage', 16).notNullable().index();
        table.boolean('advanced').notNullable();
        table.text('told');
        table.integer('people').notNullable();
        table.text('ending');
        table.integer('letters').notNullable();
      });
      await transaction.schema.createTable('set_holders', (table) => {
        table.string('query_id', 32).notNullable();
        table.string('holder', 32).notNullable();
        table.text('opening');
        table.integer('records').notNullable();
        table.integer('received').notNullable();
        table.boolean('differs').notNullable();
        table.string('stage', 16).notNullable();
        table.integer('percent').notNullable();
        table.integer('matched').notNullable();
        table.text('release');
        table.binary('released');
        table.primary(['query_id', 'holder']);
      });
      await transaction.schema.createTable('token_letters', (table) => {
        table.string('query_id', 32).notNullable();
        table.string('holder', 32).notNullable();
        table.integer('first').notNullable();
        table.integer('records').notNullable();
        table.string('hash', 43).notNullable();
        table.primary(['query_id', 'holder', 'first']);
      });
    },
  },
  {
    name: 'aggregator-3',
    async up(transaction) {
      await transaction.schema.alterTable('queries', (table) => {
        table.boolean('receipted').notNullable().defaultTo(false);
      });
      await transaction.raw('create index queries_to_receipt on queries (agreement, kept_until) where not receipted');
      await transaction.schema.createTable('testimonies', (table) => {
        table.string('query_id', 32).notNullable();
        table.string('holder', 32).notNullable();
        table.text('sealed').notNullable();
        table.primary(['query_id', 'holder']);
      });
    },
  },
  {
    name: 'aggregator-4',
    async up(transaction) {
      await transaction.schema.alterTable('words', (table) => {
        table.boolean('unexpected').notNullable().defaultTo(false);
      });
      await transaction.raw('create index words_unexpected on words (holder) where unexpected');
      await transaction.schema.alterTable('sets', (table) => {
        table.string('keeper', 32);
      });
    },
  },
];
