// The API of a holder's node, described from the schemas that its controller uses.
import { describeApi } from '@anonymesh/web';
import { z } from 'zod';
import { approvalList, decision } from './waiting.js';

export const api = describeApi({
  title: 'Anonymesh local query interface',
  version: '1.0.0',
  operations: [
    {
      method: 'get',
      path: '/api/v1/approvals',
      id: 'listApprovals',
      summary: 'Lists the own records that matched and wait for a decision, the most urgent first',
      answers: { 200: { description: 'What waits', body: approvalList } },
    },
    {
      method: 'post',
      path: '/api/v1/approvals/{id}',
      id: 'decideApproval',
      summary: 'Approves or refuses the release of one record, once',
      parameters: z.strictObject({ id: z.string() }),
      body: decision,
      answers: { 204: { description: 'It is decided' } },
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
