// Somebody at the pages of an app of a running mesh, without JavaScript, signed in at the development identity provider.
import type { RunningMesh } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';
import { visitorOf, type Page, type Visitor } from '../servers/visitor.js';

export interface AtPage {
  readonly visitor: Visitor;
  /** Where the visitor was going. */
  readonly page: Page;
}

export async function signInPages(
  mesh: Pick<RunningMesh, 'url' | 'login'>,
  app: PartyId,
  account: string,
  path: string,
): Promise<AtPage> {
  const visitor = visitorOf(mesh.url(app));
  const form = await visitor.open(path);
  const page = await visitor.post(form.url.href, { username: account, password: mesh.login.password });
  if (page.url.href !== `${mesh.url(app)}${path}`) throw new Error(`${account} could not sign in at ${app}`);
  return { visitor, page };
}
