// The live page in a reader's hands: how soon it is there, the delay, a moment shared, filters, a car followed, no script, the keyboard alone.
import { browser, DESK, demo, differences, follow, hold, page, PHONE, readTable, scenario, tell, until, wait } from "./lib.mjs";

/** A phone on a slow mobile line, as browsers' own tools simulate one. */
const SLOW = { offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (0.75 * 1024 * 1024) / 8 };
const MOST_BYTES = 50_000;

const firstLoad = async (opened, server, slow) => {
  const shown = await page(opened, server.base, { viewport: PHONE, deviceScaleFactor: 3 });
  const network = await shown.context().newCDPSession(shown);
  const asked = new Map();
  network.on("Network.requestWillBeSent", ({ requestId, request }) => asked.set(requestId, { url: request.url, bytes: 0 }));
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => { if (asked.has(requestId)) asked.get(requestId).bytes = encodedDataLength; });
  await network.send("Network.enable");
  if (slow) {
    await network.send("Network.emulateNetworkConditions", SLOW);
    await network.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  }
  await shown.goto(`${server.base}/live`, { waitUntil: "load" });
  const paint = await until("the first paint", () => shown.evaluate(() => (performance.getEntriesByName("first-contentful-paint")[0] || {}).startTime));
  const line = await until("the line", () => shown.evaluate(() => document.querySelector(".live").dataset.n && performance.now()), 30);
  await shown.evaluate(() => document.fonts.ready.then(() => true));
  const loaded = [...asked.values()].filter(({ url }) => url.startsWith("http") && !url.includes("/stream"));
  const bytes = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
  const each = loaded.map(({ url, bytes }) => `${new URL(url).pathname.split("/").pop()} ${bytes}`).join(", ");
  tell(`first load of /live${slow ? " on a slow phone line" : ""}: ${bytes} bytes (${each}); first contentful paint after ${Math.round(paint)} ms, live after ${Math.round(line)} ms`);
  hold(loaded.length >= 5 && loaded.every(({ bytes }) => bytes > 0), `not all of the first load was counted: ${each}`);
  hold(bytes < MOST_BYTES, `the first load of /live is ${bytes} bytes: ${each}`);
  hold(!slow || paint < 3000, `the first paint on a slow line comes after ${paint} ms`);
  await shown.context().close();
};

const table = (shown) => shown.evaluate(readTable);

const delayed = async (opened, server, stream) => {
  const shown = await page(opened, server.base);
  await shown.goto(`${server.base}/live`);
  await until("the line", async () => (await table(shown)).n > 0);
  await shown.getByLabel("Delay").fill("4");
  await shown.getByLabel("Delay").press("Enter");
  await until("the address says so", () => new URL(shown.url()).searchParams.get("delay") === "4");
  await wait(1500);
  const ages = [];
  for (const begun = Date.now(); ages.length < 10 && Date.now() < begun + 30_000; ) {
    const seen = await table(shown);
    const read = Date.now(), came = stream.arrived.get(seen.n), next = stream.arrived.get(seen.n + 1);
    if (came && next) {
      ages.push(read - came);
      hold(read - came >= 3500 && read - next <= 6500, `with a delay of 4 s a frame is shown ${read - came} ms after it came`);
      hold(!differences(seen, stream.frames.get(seen.n)).length, `the delayed screen differs: ${differences(seen, stream.frames.get(seen.n)).slice(0, 3)}`);
    }
    await wait(300);
  }
  hold(ages.length >= 8, `only ${ages.length} delayed frames were looked at`);
  // Loaded again the page is as late as its address says, without a script's help.
  const html = await (await fetch(`${server.base}/live?delay=4`)).text();
  const at = /data-at="([^"]+)"/.exec(html)[1];
  const nth = [...stream.frames].find(([, frame]) => frame.at === at);
  hold(nth && Date.now() - stream.arrived.get(nth[0]) >= 3500, `/live?delay=4 comes with ${at}`);

  // What is on screen now, as an address for others.
  const { address, seen } = await shown.evaluate(`(() => ({ address: document.querySelector("a.share").getAttribute("href"), seen: (${readTable})() }))()`);
  const frame = stream.frames.get(seen.n);
  hold(new URL(address, server.base).searchParams.get("at") === frame.at && !address.includes("delay"), `the moment ${frame.at} is shared as ${address}`);
  for (const javaScriptEnabled of [true, false]) {
    const other = await page(opened, server.base, { javaScriptEnabled });
    await other.goto(new URL(address, server.base).href);
    await wait(1000);
    const there = await table(other);
    hold(!differences(there, frame).length, `the shared moment is another: ${differences(there, frame).slice(0, 5).join("; ")}`);
    await other.getByRole("link", { name: "Back to live" }).click();
    await until("live again", () => new URL(other.url()).pathname === "/live" && !new URL(other.url()).searchParams.has("at"));
    await other.context().close();
  }
  tell(`delay: ${ages.length} frames shown ${Math.min(...ages)}–${Math.max(...ages)} ms late where 4 s were asked; a shared moment is the same table for who opens it`);
  await shown.context().close();
};

const filtered = async (opened, server, stream) => {
  const shown = await page(opened, server.base, { viewport: { width: 390, height: 500 } });
  await shown.goto(`${server.base}/live`);
  await until("the line", async () => (await table(shown)).n > 0);
  const names = await shown.locator(".filters a").allTextContents();
  let looked = 0;
  for (const name of names) {
    await shown.locator(".filters a", { hasText: new RegExp(`^${name}$`) }).click();
    const only = await shown.locator(".filters a[aria-current]").evaluate((link) => ({ ...link.dataset, text: link.textContent }));
    hold(only.text === name, `${only.text} is marked and ${name} was chosen`);
    for (const reload of [false, true]) {
      if (reload) await shown.reload();
      const seen = await until("the line", async () => { const seen = await table(shown); return seen && (seen.n > 0 || !reload) && seen; });
      const cars = stream.frames.get(stream.latest).cars;
      const right = ({ car }) => (only.onlyClass ? cars[car].class === only.onlyClass : only.onlyCup ? cars[car].cup.split("|").includes(only.onlyCup) : true);
      hold(seen.rows.some((row) => !row.hidden), `nothing is left with ${name}`);
      hold(seen.rows.every((row) => row.hidden !== right(row)), `${name} shows ${seen.rows.filter((row) => row.hidden === right(row)).map((row) => row.car)} wrongly${reload ? " after a reload" : ""}`);
      looked++;
    }
  }
  hold(names.length >= 4, `only the filters ${names.join(", ")}`);
  await shown.locator(".filters a").first().click();

  // A followed car stays in view while one scrolls through the others, and after a reload.
  const last = (await table(shown)).rows.at(-1).car;
  const row = shown.locator(`tbody tr[data-car="${last}"]`);
  await row.locator(".who").click();
  hold(new URL(shown.url()).searchParams.get("follow") === last, "the address does not say who is followed");
  for (const reload of [false, true]) {
    if (reload) await shown.reload();
    for (const share of [0, 0.5, 1]) {
      const inView = await row.locator(".pos").evaluate((cell, share) => {
        const body = cell.closest("tbody").getBoundingClientRect();
        window.scrollTo(0, scrollY + body.top + (body.height - innerHeight) * share);
        const at = cell.getBoundingClientRect();
        return at.top >= -1 && at.bottom <= innerHeight + 1;
      }, share);
      hold(inView, `the followed car is out of view at ${share * 100} % of the table`);
    }
  }
  await row.locator(".who").click();
  hold(!new URL(shown.url()).searchParams.has("follow") && !(await row.evaluate((row) => row.hasAttribute("data-followed"))), "followed for ever");
  tell(`filters: ${names.join(", ")}, ${looked} tables looked at; a followed car stays in view`);
  await shown.context().close();
};

const scriptless = async (opened, server) => {
  const shown = await page(opened, server.base, { javaScriptEnabled: false });
  await shown.goto(`${server.base}/live`);
  const moment = () => shown.locator(".live").getAttribute("data-at").catch(() => null);
  const first = await moment();
  hold((await shown.locator("tbody tr").count()) > 10, "no table without a script");
  await until("the page loads itself again", async () => { const now = await moment(); return now && now !== first; }, 15);
  // A filter, a followed car, the delay: each an address.
  await shown.locator(".filters a").nth(1).click();
  await until("a class by itself", async () => (await shown.locator("tbody tr:visible").count()) < (await shown.locator("tbody tr").count()));
  await shown.locator("a.follow:visible").first().click();
  await until("a car followed", async () => (await shown.locator("tr[data-followed]").count()) === 1);
  await shown.getByLabel("Delay").fill("7");
  await shown.getByLabel("Delay").press("Enter");
  await until("late", () => new URL(shown.url()).searchParams.get("delay") === "7");
  const wishes = new URL(shown.url()).searchParams;
  hold(wishes.has("class") && wishes.has("follow"), `what was wished before is forgotten: ${shown.url()}`);
  tell("no script: the live page loads itself again; filter, followed car and delay work");
  await shown.context().close();
};

/** A stream in the browser that says what it is told to. */
const told = () => {
  window.EventSource = class {
    constructor() { window.stream = this; this.heard = {}; }
    addEventListener(name, heard) { (this.heard[name] ||= []).push(heard); }
    close() {}
    say(name, data) { for (const heard of this.heard[name] || []) heard({ data: JSON.stringify(data), lastEventId: String(data.n) }); }
  };
};

/** Messages that come late, or are undone, number those after them anew: the list is that of the frame all the same. */
const renumbered = async (opened, server) => {
  const frame = await (await fetch(`${server.base}/api/v1/live`)).json();
  const says = (at, text) => ({ at: `2018-10-13T08:0${at}:00Z`, kind: "signal", says: text, cars: [] });
  const shown = await page(opened, server.base);
  await shown.addInitScript(told);
  for (const address of ["/live", "/overlay"]) {
    await shown.goto(`${server.base}${address}`);
    await shown.evaluate(([frame, messages]) => window.stream.say("snapshot", { n: 1, frame: { ...frame, messages } }), [frame, { "00000": says(0, "first"), "00001": says(2, "second"), "00002": says(4, "third") }]);
    const first = frame.order[0];
    const changes = [
      [{ messages: { "00003": says(5, "fourth") } }, "fourth, third, second, first"],
      // One of before is told late.
      [{ messages: { "00001": says(1, "late"), "00002": says(2, "second"), "00003": says(4, "third"), "00004": says(5, "fourth") } }, "fourth, third, second, late, first"],
      // The first is undone, and the one of the same time says something else.
      [{ messages: { "00000": says(1, "late"), "00001": says(2, "second"), "00002": says(4, "third, corrected"), "00003": says(5, "fourth"), "00004": null } }, "fourth, third, corrected, second, late"],
      [{ cars: { [first]: { driver: "A new driver", constructor: "none of ours" } }, __proto__: null }, "fourth, third, corrected, second, late"],
    ];
    for (const [nth, [patch, list]] of changes.entries()) {
      await shown.evaluate((data) => window.stream.say("delta", data), { n: nth + 2, patch });
      if (address === "/live") {
        const said = (await shown.locator(".messages li > span").allTextContents()).join(", ");
        hold(said === list, `after change ${nth} the messages are ${said}, and ${list} are told`);
      }
    }
    const name = await shown.locator(address === "/live" ? `tr[data-car="${first}"] [data-k="driver"]` : ".tower .name").first().textContent();
    hold(name === "A new driver", `${address}: the patch of a car shows as ${name}`);
  }
  tell("messages told late, undone, corrected: the list is rebuilt; a patch is the same on the overlay");
  await shown.context().close();
};

/** A moment shared: its address is in the clipboard, and that is said. */
const shared = async (opened, server) => {
  const shown = await page(opened, server.base, { permissions: ["clipboard-read", "clipboard-write"] });
  await shown.goto(`${server.base}/live`);
  await until("the line", async () => (await table(shown)).n > 0);
  const link = shown.locator("a.share"), href = await link.evaluate((link) => { link.click(); return link.href; });
  await until("it is said", async () => (await shown.locator(".copied").textContent()) === "copied");
  const copied = await shown.evaluate(() => navigator.clipboard.readText());
  hold(copied === href && new URL(copied).searchParams.has("at"), `the clipboard has ${copied}, and the moment is ${href}`);
  hold((await shown.locator(".copied").getAttribute("role")) === "status", "nobody is told who does not see it");
  // Where there is no clipboard the address is opened, and says that it is the moment.
  const without = await page(opened, server.base);
  await without.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await without.goto(`${server.base}/live`);
  await until("the line", async () => (await table(without)).n > 0);
  await without.locator("a.share").click();
  await until("the moment is opened", () => new URL(without.url()).searchParams.has("at"));
  hold(/the address above is this moment/.test(await without.locator(".delay").textContent()), "the address is not said to be the moment");
  tell("a moment shared is copied, or its address opened; both are said");
  await shown.context().close();
  await without.context().close();
};

/** On a phone the signal, the session and its clock stay in view. */
const stays = async (opened, server) => {
  const shown = await page(opened, server.base, { viewport: { width: 390, height: 600 } });
  await shown.goto(`${server.base}/live`);
  await until("the line", async () => (await table(shown)).n > 0);
  await shown.evaluate(() => window.scrollTo(0, 600));
  const bar = await shown.locator(".signal .bar").evaluate((bar) => ({ top: bar.getBoundingClientRect().top, height: bar.getBoundingClientRect().height, says: bar.innerText }));
  hold(bar.top === 0 && bar.height < 40 && /Race/.test(bar.says) && /\d:\d\d/.test(bar.says), `scrolled down, the band is ${JSON.stringify(bar)}`);
  await shown.context().close();
};

/** A line of a chart that is pointed at in the list of cars stands out, and the others do not. */
const pointed = async (opened, server) => {
  const shown = await page(opened, server.base);
  await shown.goto(`${server.base}/sessions/6.race-1/charts`);
  const plates = shown.locator(".plates a[data-car]");
  const car = await plates.nth(2).getAttribute("data-car");
  const state = () => shown.evaluate(() => ({ near: [...document.querySelectorAll("g.car[data-near]")].map((of) => of.dataset.car).join(), faint: [...document.querySelectorAll("g.car")].filter((of) => getComputedStyle(of).opacity < 0.5).length, cars: document.querySelectorAll("g.car").length }));
  for (const point of ["hover", "focus"]) {
    await plates.nth(2)[point]();
    const now = await state();
    hold(now.near === car && now.faint === now.cars - 1, `${point} on car ${car}: ${JSON.stringify(now)}`);
    if (point === "hover") await shown.mouse.move(5, 5);
    else await plates.nth(2).evaluate((plate) => plate.blur());
    hold((await state()).faint === 0, `after ${point} lines stay faint`);
  }
  const labels = await shown.locator("g.car > text:not(.start)").evaluateAll((all) => all.map((of) => of.getBBox()).map(({ x, y, width, height }) => ({ x, y, right: x + width, bottom: y + height })));
  const over = labels.filter((one, at) => labels.some((other, nth) => nth < at && one.x < other.right && other.x < one.right && Math.min(one.bottom, other.bottom) - Math.max(one.y, other.y) > 6));
  hold(!over.length, `${over.length} numbers stand on others`);
  tell(`charts: one line of ${labels.length} stands out where it is pointed at; no number on another`);
  await shown.context().close();
};

const keyboard = async (opened, server) => {
  const shown = await page(opened, server.base);
  await shown.goto(`${server.base}/live`);
  await until("the line", async () => (await table(shown)).n > 0);
  await shown.keyboard.press("Tab");
  const focused = () => shown.evaluate(() => {
    const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
    const inView = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && box.width > 0;
    return { text: (at.textContent || at.getAttribute("aria-label") || "").trim(), tag: at.tagName, inView, outlined: style.outlineStyle !== "none" && style.outlineWidth !== "0px", href: at.getAttribute("href"), only: at.dataset.onlyClass, follow: at.matches(".follow") };
  });
  const skip = await focused();
  hold(skip.text === "Skip to content" && skip.inView, `the first stop is ${skip.text}`);
  const reachable = await shown.evaluate(() => [...document.querySelectorAll("a[href], input, button, select, summary, [tabindex='0']")].filter((of) => of.checkVisibility() && of.type !== "hidden").length);
  let stops = 1, filter = false, car = null;
  for (; stops < reachable + 5; stops++) {
    await shown.keyboard.press("Tab");
    const at = await focused();
    if (at.tag === "BODY") break;
    hold(at.inView && at.outlined, `${at.tag} ${at.text} has the focus and does not show it`);
    if (at.only && !filter) {
      await shown.keyboard.press("Enter");
      filter = true;
      hold(new URL(shown.url()).searchParams.get("class") === at.only, "Enter on a filter does nothing");
      hold((await focused()).only === at.only, "the focus is lost with the filter");
      await shown.keyboard.press("Shift+Tab");
      await shown.keyboard.press("Enter");
      await shown.keyboard.press("Tab");
    }
    if (at.follow && !car) {
      await shown.keyboard.press("Enter");
      car = await shown.evaluate(() => document.activeElement.closest("tr").dataset.car);
      hold(new URL(shown.url()).searchParams.get("follow") === car, "Enter on a place does not follow the car");
    }
  }
  hold(filter && car, "no filter or no car was reached");
  // The order moves under the keyboard's feet, and a link that comes to stand before the focus is passed over: nearly all, not all.
  hold(stops >= reachable * 0.9, `only ${stops} of ${reachable} links and fields are reached`);
  tell(`keyboard: ${stops} stops for ${reachable} links and fields, each with its outline in view`);
  await shown.context().close();
};

scenario("live", 300, async () => {
  const server = await demo({ dir: "live", speed: 10 });
  const stream = follow(server.base);
  const opened = await browser();
  await firstLoad(opened, server, false);
  await firstLoad(opened, server, true);
  await delayed(opened, server, stream);
  await filtered(opened, server, stream);
  await scriptless(opened, server);
  await keyboard(opened, server);
  await renumbered(opened, server);
  await shared(opened, server);
  await stays(opened, server);
  await pointed(opened, server);
  void DESK;
});
