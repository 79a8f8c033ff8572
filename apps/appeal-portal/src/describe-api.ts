// The API of the appeal portal, described from the schemas that its controllers use.
import { describeApi } from '@anonymesh/web';
import { z } from 'zod';
import { appealInput, explanationView, wishView } from './explaining/explanation-view.js';

export const api = describeApi({
  title: 'Anonymesh appeal portal',
  version: '1.0.0',
  operations: [
    {
      method: 'post',
      path: '/api/v1/explanations',
      id: 'explainQuery',
      summary: 'Explains the query under a reference to the person it was about',
      body: appealInput,
      answers: { 200: { description: 'The outcome, and the holders that had concerns', body: explanationView } },
    },
    {
      method: 'post',
      path: '/api/v1/rechecks',
      id: 'wishRecheck',
      summary: 'Asks the requester to check the person again under the same reference',
      body: appealInput,
      answers: { 202: { description: 'The wish is on its way', body: wishView } },
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
