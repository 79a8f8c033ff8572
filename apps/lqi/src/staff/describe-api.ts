// The API of a holder's node, described from the schemas that its controllers use.
import { describeApi } from '@anonymesh/web';
import { z } from 'zod';
import { agreementView } from '../agreed/agreement-view.js';
import { approvalList, decision, heldAbout } from '@anonymesh/api';
import { disclosureList, disclosureSearch } from '../disclosing/disclosures.controller.js';
import { subject } from '../erasing/subjects.controller.js';
import { overviewView } from '../overview/overview-view.js';
import { trial, trialResult } from '../trying/trials.controller.js';

export const api = describeApi({
  title: 'Anonymesh local query interface',
  version: '1.0.0',
  operations: [
    {
      method: 'get',
      path: '/api/v1/approvals',
      id: 'listApprovals',
      summary:
        'Lists what waits for a decision, the most urgent first: queries to be evaluated, own records that matched',
      answers: { 200: { description: 'What waits', body: approvalList } },
    },
    {
      method: 'post',
      path: '/api/v1/approvals/{id}',
      id: 'decideApproval',
      summary: 'Approves or refuses a query, by its id, or the release of one record, once',
      parameters: z.strictObject({ id: z.string() }),
      body: decision,
      answers: { 204: { description: 'It is decided' }, 409: { description: 'By the same person, already' } },
    },
    {
      method: 'get',
      path: '/api/v1/overview',
      id: 'lookAtOverview',
      summary: 'Tells whether the node is well, how much was asked, and what waits for a person',
      answers: { 200: { description: 'The overview', body: overviewView } },
    },
    {
      method: 'get',
      path: '/api/v1/agreements',
      id: 'listAgreements',
      summary: 'Lists the agreements that name this holder, and what keeps them from being answered',
      answers: { 200: { description: 'Agreements', body: z.strictObject({ agreements: z.array(agreementView) }) } },
    },
    {
      method: 'post',
      path: '/api/v1/trials',
      id: 'tryTemplate',
      summary: 'Tries the template of an agreement on a sample; what it finds is in the answer and nowhere else',
      body: trial,
      answers: { 200: { description: 'What was found', body: trialResult } },
    },
    {
      method: 'get',
      path: '/api/v1/disclosures',
      id: 'listDisclosures',
      summary: 'Lists what left this holder, the newest first; `before` in the query string asks for the next page',
      answers: { 200: { description: 'A page of the log', body: disclosureList } },
    },
    {
      method: 'post',
      path: '/api/v1/disclosures/search',
      id: 'searchDisclosures',
      summary: 'Lists what left about one person',
      body: disclosureSearch,
      answers: { 200: { description: 'A page of the log', body: disclosureList } },
    },
    {
      method: 'get',
      path: '/api/v1/disclosures.csv',
      id: 'exportDisclosures',
      summary: 'The whole log as a table',
      answers: { 200: { description: 'RFC 4180', body: z.string(), contentType: 'text/csv' } },
    },
    {
      method: 'post',
      path: '/api/v1/subjects/find',
      id: 'findSubject',
      summary: 'Tells what this holder keeps about one person, by how much there is of it',
      body: subject,
      answers: { 200: { description: 'What is kept', body: heldAbout } },
    },
    {
      method: 'post',
      path: '/api/v1/subjects/erase',
      id: 'eraseSubject',
      summary: 'Erases what this holder keeps about one person, and enters into the log that it did',
      body: subject,
      answers: {
        200: { description: 'What was erased', body: heldAbout },
        409: { description: 'A query about the person is still open: ask again once it has ended' },
      },
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
