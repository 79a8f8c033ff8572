// The part of oidc-provider that we use: the package ships no types.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export type Context = {
    readonly path: string;
    readonly method: string;
    readonly req: IncomingMessage;
    readonly res: ServerResponse;
    body: unknown;
    type: string;
    status: number;
    set(name: string, value: string): void;
    readonly oidc: {
      readonly provider: Provider;
      readonly client: { readonly clientId: string };
      readonly session: { readonly accountId: string };
      readonly params: Readonly<Record<string, unknown>>;
    };
  };

  export type ResourceServerInfo = {
    readonly scope: string;
    readonly audience: string;
    readonly accessTokenTTL: number;
    readonly accessTokenFormat: 'jwt';
    readonly jwt: { readonly sign: { readonly alg: string } };
  };

  type Grant = { addOIDCScope(scope: string): void; addResourceScope(resource: string, scope: string): void };
  type AccessToken = {
    resourceServer: object;
    readonly expiration: number;
    readonly tokenType: string;
    save(): Promise<string>;
  };

  export class Provider {
    constructor(issuer: string, configuration: object);
    readonly Grant: new (properties: { accountId: string; clientId: string }) => Grant & { save(): Promise<string> };
    readonly AccessToken: new (properties: { accountId: string; client: object; gty: string }) => AccessToken;
    readonly ResourceServer: new (identifier: string, info: ResourceServerInfo) => object;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void;
    registerGrantType(name: string, issue: (context: Context) => Promise<void>, parameters: readonly string[]): void;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<{ readonly uid: string }>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  }

  export const errors: {
    readonly InvalidGrant: new (description: string) => Error;
    readonly InvalidTarget: new (description: string) => Error;
  };
}
