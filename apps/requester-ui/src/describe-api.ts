// The API of a requester's node, described from the schemas that its controllers use.
import { queryId } from '@anonymesh/protocol';
import { describeApi } from '@anonymesh/web';
import { z } from 'zod';
import { askableAgreements, question, receipt } from './asking/question.js';
import { queryList, queryView } from './following/view.js';
import { recordList } from './matching/record-list.js';

const one = z.strictObject({ id: queryId });

export const api = describeApi({
  title: 'Anonymesh requester',
  version: '1.0.0',
  operations: [
    {
      method: 'post',
      path: '/api/v1/queries',
      id: 'askQuery',
      summary: 'Asks under an agreement: about a person, or for what the sets of holders have in common',
      body: question,
      answers: {
        202: { description: 'The query is kept and is being asked', body: receipt },
        429: { description: 'The account, or the organisation, has asked as often as it may: see `retry-after`' },
      },
    },
    {
      method: 'get',
      path: '/api/v1/queries',
      id: 'listQueries',
      summary: 'Lists the queries that the caseworker asked, newest first; older ones with ?before=queryId',
      answers: { 200: { description: 'A page of queries', body: queryList } },
    },
    {
      method: 'get',
      path: '/api/v1/queries/{id}',
      id: 'showQuery',
      summary: 'Shows how a query stands',
      parameters: one,
      answers: { 200: { description: 'The query', body: queryView } },
    },
    {
      method: 'delete',
      path: '/api/v1/queries/{id}',
      id: 'retractQuery',
      summary: 'Takes a query back: it ends as `retracted`, unless it is decided before the mesh has heard of it',
      parameters: one,
      answers: {
        202: { description: 'It is being taken back, or was', body: queryView },
        409: { description: 'It has ended' },
      },
    },
    {
      method: 'get',
      path: '/api/v1/queries/{id}/events',
      id: 'followQuery',
      summary: 'Follows a query: `progress` now and at every change, `outcome` at the end, each with the query as data',
      parameters: one,
      answers: { 200: { description: 'Server-sent events', contentType: 'text/event-stream' } },
    },
    {
      method: 'get',
      path: '/api/v1/queries/{id}/receipt',
      id: 'downloadReceipt',
      summary: 'This organisation’s share of the proof of how an ended query went; there a little after its end',
      parameters: one,
      answers: { 200: { description: 'A receipt', body: z.record(z.string(), z.unknown()) } },
    },
    {
      method: 'get',
      path: '/api/v1/queries/{id}/records',
      id: 'listRecords',
      summary: 'Lists the records that a set query released',
      parameters: one,
      answers: { 200: { description: 'The records, opened', body: recordList } },
    },
    {
      method: 'get',
      path: '/api/v1/queries/{id}/records.csv',
      id: 'downloadRecords',
      summary: 'The same as a table for spreadsheets',
      parameters: one,
      answers: { 200: { description: 'CSV (RFC 4180)', contentType: 'text/csv' } },
    },
    {
      method: 'get',
      path: '/api/v1/agreements',
      id: 'listAgreements',
      summary: 'Lists the agreements under which the caseworker may ask, with the fields that each wants',
      answers: { 200: { description: 'The agreements', body: askableAgreements } },
    },
    {
      method: 'get',
      path: '/openapi.json',
      id: 'describeApi',
      summary: 'Describes this API',
      open: true,
      answers: { 200: { description: 'An OpenAPI document', body: z.record(z.string(), z.unknown()) } },
    },
  ],
});
