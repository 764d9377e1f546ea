/**
 * Sets the size of a page's view, in CSS pixels. puppeteer turns the screen with it, which
 * Firefox 140 cannot.
 * @param {import('puppeteer-core').Page} page
 * @param {import('puppeteer-core').Viewport} size
 */
export async function setViewport(page, size) {
  const { connection } = /** @type {any} */ (page.browser());
  if (!connection) {
    await page.setViewport(size);
    return;
  }
  await connection.send('browsingContext.setViewport', {
    context: /** @type {any} */ (page.mainFrame())._id,
    viewport: { width: size.width, height: size.height },
    devicePixelRatio: size.deviceScaleFactor ?? null,
  });
}
