import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type Operation, describeApi } from './openapi.js';

const ask: Operation = {
  method: 'post',
  path: '/api/v1/queries',
  id: 'askQuery',
  summary: 'Asks a question',
  body: z.strictObject({ agreement: z.string().min(1), subject: z.record(z.string(), z.string()) }),
  answers: { 202: { description: 'Admitted', body: z.object({ queryId: z.string(), state: z.enum(['waiting']) }) } },
};
const follow: Operation = {
  method: 'get',
  path: '/api/v1/queries/{id}/events',
  id: 'followQuery',
  summary: 'Follows a question',
  parameters: z.strictObject({ id: z.string().regex(/^[0-9a-f]{32}$/) }),
  answers: { 200: { description: 'Events', contentType: 'text/event-stream' } },
};
const api = { title: 'Requester', version: '1.0.0', operations: [ask, follow] };

describe('the description of an API', () => {
  const document = JSON.parse(JSON.stringify(describeApi(api)));

  it('is OpenAPI 3.1 with every operation at its path', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Requester', version: '1.0.0' } });
    expect(Object.keys(document.paths)).toEqual(['/api/v1/queries', '/api/v1/queries/{id}/events']);
    expect(document.paths['/api/v1/queries'].post.operationId).toBe('askQuery');
  });

  it('has the schemas that requests are read with', () => {
    const { post } = document.paths['/api/v1/queries'];
    expect(post.requestBody).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: {
              agreement: { type: 'string', minLength: 1 },
              subject: { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { type: 'string' } },
            },
            required: ['agreement', 'subject'],
            additionalProperties: false,
          },
        },
      },
    });
    expect(post.responses['202'].content['application/json'].schema.properties.state.enum).toEqual(['waiting']);
  });

  it('declares each parameter of a path, and a stream by its content type', () => {
    const { get } = document.paths['/api/v1/queries/{id}/events'];
    expect(get.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string', pattern: '^[0-9a-f]{32}$' } },
    ]);
    expect(get.responses['200'].content).toEqual({ 'text/event-stream': { schema: { type: 'string' } } });
  });

  it('gives every operation a problem as its other answer, and a bearer token unless it is open', () => {
    const { post } = document.paths['/api/v1/queries'];
    expect(post.responses.default.content['application/problem+json'].schema.$ref).toBe('#/components/schemas/Problem');
    expect(document.components.schemas.Problem.required).toEqual(['type', 'title', 'status', 'code']);
    expect(post.security).toEqual([{ bearer: [] }]);
    const open = describeApi({ ...api, operations: [{ ...ask, open: true }] });
    expect(open['paths']).toMatchObject({ '/api/v1/queries': { post: { security: [] } } });
  });

  it('cannot be made for a path whose parameter has no schema', () => {
    expect(() => describeApi({ ...api, operations: [{ ...ask, path: '/x/{id}' }] })).toThrow('no schema');
  });
});
