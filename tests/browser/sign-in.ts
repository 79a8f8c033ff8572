// Signing in and out as people do it: at the development identity provider's own pages.
import type { RunningMesh } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';
import type { Person } from './people.js';

/** Opens a page of an app and signs in where it leads to; ends where the visitor was going. */
export async function signInAt(
  { page }: Pick<Person, 'page'>,
  mesh: Pick<RunningMesh, 'url' | 'login'>,
  app: PartyId,
  account: string,
  path = '/',
): Promise<void> {
  await page.goto(`${mesh.url(app)}${path}`);
  if (!page.url().startsWith(mesh.login.issuer)) await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('User name').fill(account);
  await page.getByLabel('Password').fill(mesh.login.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((address) => address.href.startsWith(mesh.url(app)));
}
