// Debian's Chromium, driven by playwright-core: one process, in which every visitor has cookies and a cache of their own.
// It keeps nothing, and asks nobody but the pages that it is sent to.
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Rejects where there is no Chromium on this machine. */
export async function startChromium(): Promise<Browser> {
  const executablePath = programs.find((program) => existsSync(program));
  if (executablePath === undefined) throw new Error('Chromium is missing: apt-get install chromium');
  return chromium.launch({
    executablePath,
    // Its sandbox wants another user than root, who runs the tests in a container.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage', '--disable-gpu', '--font-render-hinting=none'],
  });
}
