// Somebody who has no mouse: reaches everything with the Tab key, and sees where they are.
import type { Locator, Page } from 'playwright-core';

const farthest = 40;

/** Presses Tab until it has the focus; throws if it never has, or if nothing shows that it has. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  const isThere = () =>
    target.evaluate((element) => {
      const { activeElement } = (element as unknown as { ownerDocument: { activeElement: unknown } }).ownerDocument;
      return activeElement === element;
    });
  for (let pressed = 0; pressed < farthest; pressed += 1) {
    if (await isThere()) return requireVisibleFocus(target);
    await page.keyboard.press('Tab');
  }
  throw new Error(`the Tab key does not reach ${target.toString()}`);
}

/** Fills in a field, and sends its form with the Enter key. */
export async function typeInto(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.type(text);
}

export async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

async function requireVisibleFocus(target: Locator): Promise<void> {
  const shown = await target.evaluate((element) => {
    const view = globalThis as unknown as {
      getComputedStyle(of: unknown): { outlineStyle: string; outlineWidth: string; boxShadow: string };
    };
    const { outlineStyle, outlineWidth, boxShadow } = view.getComputedStyle(element);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  });
  if (!shown) throw new Error(`nothing shows that the focus is on ${target.toString()}`);
}
