// What pages need of a request and its answer; Fastify's own fit.
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';

export interface PageRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body?: unknown;
}

export interface PageReply {
  readonly sent: boolean;
  readonly raw: ServerResponse;
  status(code: number): PageReply;
  header(name: string, value: string): PageReply;
  getHeaders(): OutgoingHttpHeaders;
  hijack(): unknown;
  send(body?: string | Buffer): unknown;
}
