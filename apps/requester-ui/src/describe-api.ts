// The API of a requester's node, described from the schemas that its controllers use.
import { queryId } from '@anonymesh/protocol';
import { describeApi } from '@anonymesh/web';
import { z } from 'zod';
import { askableAgreements, question, receipt } from './asking/question.js';
import { queryList, queryView } from './following/view.js';

const one = z.strictObject({ id: queryId });

export const api = describeApi({
  title: 'Anonymesh requester',
  version: '1.0.0',
  operations: [
    {
      method: 'post',
      path: '/api/v1/queries',
      id: 'askQuery',
      summary: 'Asks about a person under an agreement',
      body: question,
      answers: { 202: { description: 'The query is kept and is being asked', body: receipt } },
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
      method: 'get',
      path: '/api/v1/queries/{id}/events',
      id: 'followQuery',
      summary: 'Follows a query: `progress` now and at every change, `outcome` at the end, each with the query as data',
      parameters: one,
      answers: { 200: { description: 'Server-sent events', contentType: 'text/event-stream' } },
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
