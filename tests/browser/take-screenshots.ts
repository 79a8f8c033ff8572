// Takes the pictures of docs/screenshots/: a fresh mesh with the sample people, real pages, nothing retouched.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { applicant, samples } from '@anonymesh/examples';
import {
  atRiskChildren,
  rightToRemain,
  signInApprover,
  signInCaseworker,
  signInSocialWorker,
  type Asked,
} from '@anonymesh/founding';
import type { BrowserContext, Page } from 'playwright-core';
import { followQueries } from '../mesh/follow-queries.js';
import { startInFolder, type TemporaryMesh } from '../mesh/start-in-folder.js';
import { until } from '../mesh/until.js';
import { startChromium } from '../servers/chromium.js';
import { sitDown } from './people.js';
import { shots, since, type Scene } from './shots.js';
import { signInAt } from './sign-in.js';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const sizes = { healthTrust: 60, police: 80, schools: 50, common: 5 };
/** Pixels of a picture. */
const usual = 1250;
const approved = { release: 'on-approval', limits: { records: { most: 1000 }, matches: { least: 0, most: 50 } } };

await mkdir(folder, { recursive: true });
const starting = startInFolder({
  examples: [rightToRemain(2000), atRiskChildren(sizes)],
  terms: { 'at-risk-children-at-least-two': approved },
});
const [mesh, browser] = await Promise.all([starting, startChromium()]);
try {
  const scene = await prepare(mesh);
  for (const { name, app, account, path, open, tallest = usual } of shots) {
    const person = await sitDown(browser);
    await signInAt(person, mesh, app, account, typeof path === 'string' ? path : path(scene));
    await open?.(person.page, scene);
    // A waiting page is never quiet: it listens for what changes.
    await person.page.waitForLoadState('load');
    await person.page.waitForTimeout(500);
    await writeFile(`${folder}${name}.webp`, await picture(person.context, person.page, tallest));
    process.stdout.write(`docs/screenshots/${name}.webp\n`);
    await person.leave();
  }
} finally {
  await browser.close();
  await mesh.end();
}

/** Asks what the pages are to show. */
async function prepare(running: TemporaryMesh): Promise<Scene> {
  const [office, children, staff] = await Promise.all([
    signInCaseworker(running),
    signInSocialWorker(running),
    signInApprover(running, 'health-trust'),
  ]);
  const askAbout = async (subject: object) =>
    (await office.call('POST', '/api/v1/queries', { agreement: 'right-to-remain', subject })) as Asked;
  const askForSet = async (agreement: string) =>
    ((await children.call('POST', '/api/v1/queries', { agreement, subject: { since } })) as { queryId: string })
      .queryId;
  for (const { fields } of samples.slice(1, 9)) await followQueries(office).ended((await askAbout(fields)).queryId);
  const check = await askAbout(applicant.fields);
  await followQueries(office).ended(check.queryId);
  const released = await askForSet('at-risk-children');
  await followQueries(children).ended(released);
  const approving = await askForSet('at-risk-children-at-least-two');
  await until('people are asked to decide', async () => {
    const { approvals } = (await staff.call('GET', '/api/v1/approvals')) as { approvals: unknown[] };
    return approvals.length > 0;
  });
  await running.child('council').stop();
  return { check, openCheck: await askAbout(samples[9]?.fields ?? applicant.fields), released, approving };
}

/** As WebP, which is a third of a PNG; a long page down to where most windows end. */
async function picture(context: BrowserContext, page: Page, tallest: number): Promise<Buffer> {
  const { width, height } = await page.evaluate(() => {
    const { document } = globalThis as unknown as {
      document: {
        activeElement: { blur(): void } | null;
        documentElement: { clientWidth: number };
        body: { scrollHeight: number };
      };
    };
    document.activeElement?.blur();
    return { width: document.documentElement.clientWidth, height: document.body.scrollHeight };
  });
  const clip = { x: 0, y: 0, width, height: Math.min(height, tallest), scale: 1 };
  const browserSide = await context.newCDPSession(page);
  const how = { format: 'webp', quality: 75, captureBeyondViewport: true, clip } as const;
  return Buffer.from((await browserSide.send('Page.captureScreenshot', how)).data, 'base64');
}
