// Takes the pictures of docs/screenshots/: a fresh mesh with the sample people, real pages, nothing retouched.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { applicant } from '@anonymesh/examples';
import { startTestMesh } from '../mesh/start-test-mesh.js';
import { startChromium } from '../servers/chromium.js';
import { shots } from './shots.js';
import { sitDown } from './people.js';
import { signInAt } from './sign-in.js';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
await mkdir(folder, { recursive: true });
const [mesh, browser] = await Promise.all([startTestMesh(), startChromium()]);
try {
  const asked = await mesh.ask(applicant);
  await mesh.ended(asked.queryId);
  for (const { name, app, account, path, open } of shots) {
    const person = await sitDown(browser);
    await signInAt(person, mesh, app, account, path);
    await open?.(person.page, asked);
    await person.page.waitForLoadState('networkidle');
    await person.page.screenshot({ path: `${folder}${name}.png`, fullPage: true });
    process.stdout.write(`docs/screenshots/${name}.png\n`);
    await person.leave();
  }
} finally {
  await browser.close();
  await mesh.end();
}
