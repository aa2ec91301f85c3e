// Record a page in Chromium: node record_page.mjs PLAYWRIGHT CHROMIUM URL FOLDER
//
// Writes one recording for each way in which Playwright stores bodies: embed.har, attach.har, omit.har.
import { pathToFileURL } from "node:url";

const [playwright, executablePath, url, folder] = process.argv.slice(2);
const { default: { chromium } } = await import(pathToFileURL(playwright));
const browser = await chromium.launch({
  executablePath,
  // Containers run as root.
  args: ["--no-sandbox", "--no-proxy-server", "--disable-background-networking"],
});
for (const content of ["embed", "attach", "omit"]) {
  const context = await browser.newContext({ recordHar: { path: `${folder}/${content}.har`, content } });
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(String(error)));
  await page.goto(url);
  await page.waitForFunction(() => document.title === "done", null, { timeout: 30_000 });
  await context.close();
}
await browser.close();
