// People at their browsers: each has a context of their own, and nothing may go wrong in it unnoticed. What the browser
// complains of (an error on the console, a script that fails, something the security policy blocks) is kept.
import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained of until now; a page that is not 200 is none, where it is the page asked for. */
  complaints(): readonly string[];
  /** Every address that was asked for until now, with everything in it. */
  addresses(): readonly string[];
  leave(): Promise<void>;
}

export interface Surroundings {
  /** Width of the window in CSS pixels; 1024 unless told. */
  readonly width?: number;
  readonly javaScript?: boolean;
}

const height = 800;

export async function sitDown(browser: Browser, surroundings: Surroundings = {}): Promise<Person> {
  const { width = 1024, javaScript = true } = surroundings;
  const context = await browser.newContext({
    viewport: { width, height },
    javaScriptEnabled: javaScript,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const addresses: string[] = [];
  page.on('request', (request) => void addresses.push(request.url()));
  page.on('response', (response) => {
    // Of the page asked for, whether an error was wanted, the test knows.
    const isThePage = response.request().isNavigationRequest();
    if (response.status() >= 400 && !isThePage) complaints.push(`${response.status()}: ${response.url()}`);
  });
  page.on('pageerror', (error) => void complaints.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // Chromium's own words on an answer's status, which is looked at above.
    if (!message.text().startsWith('Failed to load resource')) complaints.push(`console: ${message.text()}`);
  });
  page.on('requestfailed', (request) => {
    // A stream of events that the visitor leaves.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`not loaded: ${request.url()}`);
  });
  return {
    page,
    context,
    complaints: () => [...complaints],
    addresses: () => [...addresses],
    leave: () => context.close(),
  };
}
