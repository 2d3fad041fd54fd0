// Makes the pictures of the README in docs/pictures from bundled incidents and golden files: npm run pictures
import { mkdirSync, writeFileSync } from 'node:fs';
import { startChromium } from '../test/browser/chromium.ts';
import { drawing, folder, noteFor, type Photograph, photographs } from './pictures/index.ts';
import { withNote } from './pictures/png-note.ts';

type Browser = Awaited<ReturnType<typeof startChromium>>;

async function take(browser: Browser, photograph: Photograph, colorScheme: 'light' | 'dark') {
  const { name, page: html, width, height } = photograph;
  const page = await browser.newPage({ viewport: { width, height: height ?? 200 }, colorScheme });
  await page.setContent(html);
  const picture = await page.screenshot({ fullPage: height === undefined });
  await page.close();
  writeFileSync(`${folder}/${name}-${colorScheme}.png`, withNote(picture, noteFor(photograph)));
}

async function main() {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/terminal.svg`, await drawing());
  const browser = await startChromium();
  try {
    for (const photograph of await photographs())
      for (const colours of ['light', 'dark'] as const) await take(browser, photograph, colours);
  } finally {
    await browser.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
