// Opens a page as a browser does that has never been there, but whose user is signed in: what comes over the wire, and how
// long until all of it is there.
import type { Browser } from 'playwright-core';

export interface SignIn {
  readonly address: string;
  readonly account: string;
  readonly password: string;
}

const times = 7;

/** The most of what came over the wire, fonts left out, in 1,000 bytes; and the median of the milliseconds. */
export async function openCold(browser: Browser, signIn: SignIn) {
  const before = await browser.newContext();
  const page = await before.newPage();
  await page.goto(`${signIn.address}/sign-in`);
  await page.getByLabel('User name').fill(signIn.account);
  await page.getByLabel('Password').fill(signIn.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.origin === signIn.address);
  const storageState = await before.storageState();
  await before.close();
  const opened: { readonly bytes: number; readonly milliseconds: number }[] = [];
  for (let time = 0; time < times; time += 1) opened.push(await openOnce(browser, signIn.address, storageState));
  const sorted = opened.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return {
    kilobytes: Math.round(Math.max(...opened.map(({ bytes }) => bytes)) / 100) / 10,
    milliseconds: Math.round(sorted[Math.floor(times / 2)] ?? NaN),
  };
}

type StorageState = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>;

async function openOnce(browser: Browser, address: string, storageState: StorageState) {
  const context = await browser.newContext({ storageState });
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  const fonts = new Set<string>();
  let bytes = 0;
  wire.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Font') fonts.add(requestId);
  });
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!fonts.has(requestId)) bytes += encodedDataLength;
  });
  await wire.send('Network.enable');
  await page.goto(address, { waitUntil: 'load' });
  if (new URL(page.url()).origin !== address) throw new Error('the first page was not shown: nobody is signed in');
  const milliseconds = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation' as never) as unknown as { loadEventEnd: number }[];
    return navigation?.loadEventEnd ?? NaN;
  });
  await context.close();
  return { bytes, milliseconds };
}
