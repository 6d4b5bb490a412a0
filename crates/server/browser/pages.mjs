// Every page that is linked from another, from `/` on: found by its links, looked at on a desk and a phone, in light and dark, with and
// without a script; held against axe-core; its picture taken.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { axe, browser, demo, DESK, hold, page, PHONE, scenario, settings, tell, until } from "./lib.mjs";

/** Of each kind of page so many are looked at, the first of them on every screen; so many links more are followed to see that they lead somewhere. */
const LOOKED_AT = 2;
const FOLLOWED = 4;
/** The session that runs in the demo: where there is a page about it, that is looked at too. */
const LIVE = "6.race-1";

const part = (of) => (of.startsWith("{") ? (of.startsWith("{*") ? ".+" : "[^/]+") : of.replace(/[.]/g, "\\."));
const kinds = settings.patterns.filter((pattern) => !pattern.startsWith("/assets/")).map((pattern) => ({ pattern, is: new RegExp(`^${pattern.split("/").map(part).join("/")}$`), found: [], followed: 0 }));
// What is written out comes before what may be anything.
kinds.sort((one, other) => one.pattern.split("{").length - other.pattern.split("{").length);

const unescaped = (href) => href.replaceAll("&amp;", "&").replaceAll("&quot;", '"').replaceAll("&#39;", "'");

/** The pages, two or three of a kind, in the order they are found. */
const crawled = async (base) => {
  const ahead = [{ address: "/", from: "the start" }], known = new Set(["/"]), elsewhere = new Set();
  let asked = 0;
  for (let next; (next = ahead.shift()); ) {
    const { address, from } = next, { pathname, search } = new URL(address, base);
    const kind = kinds.find(({ is }) => is.test(decodeURI(pathname)));
    if (!kind) {
      const shape = pathname.replace(/[^/]*\d[^/]*/g, "…");
      if (!pathname.startsWith("/api/")) hold(elsewhere.has(shape), `${from} links to ${address}, which is no page of the site`);
      else if (!elsewhere.has(pathname)) hold((await fetch(base + address, { method: "HEAD" })).status < 400, `${from} links to ${address}, which is not there`);
      elsewhere.add(pathname).add(shape);
      continue;
    }
    const first = kind.found.length < LOOKED_AT && !search;
    const live = pathname.includes(LIVE) && !search && !kind.live;
    if (!first && !live && kind.followed++ >= FOLLOWED) continue;
    asked++;
    const answer = await fetch(base + address);
    const text = (await answer.text()).replace(/<template\b.*?<\/template>/gs, "");
    if (!hold(answer.status === 200, `${from} links to ${address}, which answers ${answer.status}`)) continue;
    if (!(answer.headers.get("content-type") || "").startsWith("text/html")) {
      kind.file = true;
      continue;
    }
    if (first || live) kind.found.push({ address: pathname, whole: live || !kind.found.length });
    if (pathname.includes(LIVE)) kind.live = true;
    // A form leads somewhere too.
    for (const [, href] of text.matchAll(/<(?:a\b[^>]*?\shref|form\b[^>]*?\saction)="([^"]*)"/g)) {
      const to = new URL(unescaped(href), base + address);
      if (!hold(to.origin === base, `${address} links to ${to.origin}`)) continue;
      const link = to.pathname + to.search;
      if (!known.has(link)) {
        known.add(link);
        ahead.push({ address: link, from: address });
      }
    }
  }
  const missing = kinds.filter(({ found, file }) => !found.length && !file).map(({ pattern }) => pattern);
  hold(!missing.length, `no link from / on leads to ${missing.join(", ")}`);
  tell(`pages: ${known.size} addresses found, ${asked} asked for, ${kinds.reduce((sum, { found }) => sum + found.length, 0)} looked at, of ${kinds.length} kinds`);
  return kinds.flatMap(({ found }) => found);
};

const named = (address) => address.slice(1).replace(/[^\w.-]+/g, "-") || "season";

/** In the page: what is wider than it, and what it says. */
const measured = () => {
  const root = document.documentElement, width = root.clientWidth;
  const scrolls = (of) => { for (let at = of; at && at !== document.body; at = at.parentElement) if (/auto|scroll|hidden/.test(getComputedStyle(at).overflowX)) return true; return false; };
  const wide = [...document.body.querySelectorAll("*")].filter((of) => of.getBoundingClientRect().right > width + 1 && !scrolls(of));
  const name = (of) => `${of.tagName.toLowerCase()}${of.className && of.className.baseVal === undefined ? `.${of.className}` : ""}`;
  return {
    wider: root.scrollWidth - width, by: wide.slice(0, 3).map(name).join(", "),
    h1: [...document.querySelectorAll("h1")].map((of) => of.textContent), title: document.title, said: (document.querySelector("main") || {}).innerText || "",
    sizes: [...new Set([...document.body.querySelectorAll("*")].filter((of) => [...of.childNodes].some((node) => node.nodeType === 3 && node.data.trim())).map((of) => getComputedStyle(of).fontSize))],
  };
};

const violations = async (shown, only) => {
  const run = (only) => window.axe.run(document, { resultTypes: ["violations"], runOnly: only ? { type: "rule", values: only } : undefined });
  const { violations } = await shown.evaluate(run, only);
  return violations.map(({ id, help, nodes }) => `${id} (${help}), ${nodes.length} times: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(" ")} ${(failureSummary || "").split("\n").slice(1, 2).join("").trim().slice(0, 160)}`).join("; ")}`);
};

const lookedAt = async (shown, base, { address, whole }, errors) => {
  const picture = async (width, colours) => shown.screenshot({ path: join(settings.pictures, `${named(address)}-${width}-${colours}.png`), fullPage: true, animations: "disabled", timeout: 20_000 });
  await shown.setViewportSize(DESK);
  await shown.emulateMedia({ colorScheme: "light" });
  await shown.goto(base + address, { waitUntil: "load" });
  await shown.evaluate(() => document.fonts.ready.then(() => true));
  await shown.evaluate(axe);
  for (const [width, size] of whole ? [["desk", DESK], ["phone", PHONE]] : [["phone", PHONE]]) {
    await shown.setViewportSize(size);
    for (const colours of whole ? ["light", "dark"] : ["light"]) {
      await shown.emulateMedia({ colorScheme: colours });
      if (whole) await picture(width, colours);
      // What is not about colours is the same in the dark.
      for (const found of await violations(shown, colours === "dark" ? ["color-contrast"] : undefined)) errors.push(`${address}, ${width}, ${colours}: ${found}`);
    }
    const { wider, by, h1, title, said, sizes } = await shown.evaluate(measured);
    if (wider > 0) errors.push(`${address}, ${width}: ${wider} px wider than the screen: ${by}`);
    if (h1.length !== 1 || !h1[0].trim() || !(title.includes("·") || address === "/nowhere") || said.length < 40) errors.push(`${address}: h1 ${JSON.stringify(h1)}, title ${title}, ${said.length} characters in main`);
    if (sizes.length > 6) errors.push(`${address}, ${width}: ${sizes.length} sizes of type: ${sizes.join(", ")}`);
  }
};

scenario("pages", 400, async () => {
  rmSync(settings.pictures, { recursive: true, force: true });
  mkdirSync(settings.pictures, { recursive: true });
  const server = await demo({ dir: "pages", speed: 10 });
  const all = await crawled(server.base);
  const opened = await browser();
  // A page is dark by its style alone; nothing moves while it is looked at.
  const screens = [await page(opened, server.base, { reducedMotion: "reduce" }), await page(opened, server.base, { reducedMotion: "reduce" })];
  const bare = await page(opened, server.base, { javaScriptEnabled: false, viewport: PHONE, reducedMotion: "reduce" });
  const errors = [];
  // An address that leads nowhere is a page too.
  const ahead = [...all, { address: "/nowhere", whole: true }];
  const withScript = screens.map(async (shown) => {
    for (let of; (of = ahead.shift()); ) await lookedAt(shown, server.base, of, errors).catch((error) => errors.push(`${of.address}: ${error}`));
  });
  const without = (async () => {
    for (const { address } of all) {
      await bare.goto(server.base + address, { waitUntil: "load" });
      const { wider, by, h1, said } = await until("the page stands still", () => bare.evaluate(measured).catch(() => null));
      if (wider > 0) errors.push(`${address}, phone, no script: ${wider} px wider than the screen: ${by}`);
      if (h1.length !== 1 || said.length < 40) errors.push(`${address}, no script: h1 ${JSON.stringify(h1)}, ${said.length} characters in main`);
    }
  })();
  await Promise.all([...withScript, without]);
  for (const error of errors) hold(false, error);
  tell(`${all.length} pages and the one for nothing there, ${all.filter(({ whole }) => whole).length} of them on a desk and a phone, light and dark, all on a phone with and without a script: ${errors.length} faults (axe-core: ${errors.filter((error) => / times: /.test(error)).length}); pictures in target/pictures`);
});
