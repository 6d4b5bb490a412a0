// What the scenarios share: the demo, the browser, the stream as any client reads it, and a list of what was held.
import { spawn, execFile } from "node:child_process";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

export { wait };

/** What the test that runs this hands over: `binary`, `modules`, `chromium`, `folder`, `pictures`, `patterns`. */
export const settings = JSON.parse(process.argv[2]);
const require = createRequire(join(settings.modules, "package.json"));
export const axe = require("axe-core").source;
const { chromium } = require("playwright-core");

export const SEASON = "seasons/blancpain-gt-series-asia-2018";
export const DESK = { width: 1440, height: 1000 };
export const PHONE = { width: 390, height: 844 };

const faults = [];
const closing = [];

/** Holds, or is noted and told at the end; what can go on goes on. */
export const hold = (is, says) => {
  if (!is) {
    faults.push(says);
    if (faults.length < 100) console.error(`  not so: ${says}`);
  }
  return is;
};

/** Told to whoever reads the test's output. */
export const tell = (says) => console.log(says);

/** Runs a scenario: ends with 0 where everything held, in bounded time. */
export const scenario = async (name, seconds, run) => {
  const late = setTimeout(() => { console.error(`${name}: not done after ${seconds} s`); end(1); }, seconds * 1000);
  try {
    await run();
  } catch (error) {
    faults.push(String(error && error.stack));
    console.error(error);
  }
  clearTimeout(late);
  for (const close of closing.reverse()) await close().catch(() => {});
  if (faults.length) console.error(`${name}: ${faults.length} not so`);
  end(faults.length ? 1 : 0);
};

const children = new Set();
const end = (code) => {
  for (const child of children) child.kill("SIGKILL");
  process.exit(code);
};

/** Asks until it is so. */
export const until = async (says, is, seconds = 20) => {
  const last = Date.now() + seconds * 1000;
  for (;;) {
    const found = await is();
    if (found) return found;
    if (Date.now() > last) throw new Error(`after ${seconds} s not yet: ${says}`);
    await wait(40);
  }
};

export const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

/** A line to a server that can be cut (all connections end, and new ones) or go dead (nothing passes, nobody is told). */
export const line = async (port) => {
  let state = "good";
  const pairs = new Set();
  const server = createServer((near) => {
    if (state === "cut") return near.destroy();
    const far = connect(port, "127.0.0.1"), pair = { near, far, dead: false };
    const close = () => { near.destroy(); far.destroy(); pairs.delete(pair); };
    pairs.add(pair);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.on("data", (data) => { if (!pair.dead) to.write(data); }).on("error", close).on("close", close);
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  closing.push(async () => server.close());
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    open: () => pairs.size,
    cut: () => { state = "cut"; for (const { near } of pairs) near.destroy(); },
    mend: () => { state = "good"; },
    // Only what is open now: who opens anew gets through.
    deaden: () => { for (const pair of pairs) pair.dead = true; },
  };
};

/** The demo: its address as printed, its folder, and the process. */
export const demo = async ({ dir, speed, port = 0 }) => {
  const child = spawn(settings.binary, ["demo", "--listen", `127.0.0.1:${port}`, "--dir", dir, "--speed", String(speed)], { cwd: settings.folder });
  children.add(child);
  let said = "", wrong = "";
  child.stdout.on("data", (data) => { said += data; });
  child.stderr.on("data", (data) => { wrong += data; });
  const gone = new Promise((done) => child.on("exit", () => { children.delete(child); done(); }));
  const base = await until("the demo tells its address", () => {
    if (child.exitCode !== null) throw new Error(`the demo ended: ${said}${wrong}`);
    return (said.match(/http:\/\/127\.0\.0\.1:\d+/) || [])[0];
  }, 60);
  const live = `${base}/api/v1/live`;
  await until("the first frame", async () => (await fetch(live)).ok, 30);
  const stop = async (signal = "SIGTERM") => { child.kill(signal); await gone; };
  closing.push(async () => {
    hold(!wrong.includes("panicked"), `the server said: ${wrong.slice(0, 2000)}`);
    await stop("SIGKILL");
  });
  return { base, dir: join(settings.folder, dir), stop, port: Number(new URL(base).port) };
};

/** What the core says of a session at a moment, asked by the command line from the facts on disk. */
export const core = (dir, round, session, at) => new Promise((done, fail) => {
  const asked = ["classify", join(dir, SEASON), String(round), session, "--at", at, "--format", "json"];
  execFile(settings.binary, asked, { maxBuffer: 1 << 24 }, (error, out, wrong) => (error ? fail(new Error(`${asked.join(" ")}: ${wrong}`)) : done(JSON.parse(out))));
});

/** Runs a command of the binary. */
export const command = (...asked) => new Promise((done, fail) => {
  execFile(settings.binary, asked, { maxBuffer: 1 << 26 }, (error, out, wrong) => (error ? fail(new Error(`${asked.join(" ")}: ${wrong}`)) : done(out)));
});

/** A browser with nothing in it. */
export const browser = async () => {
  const args = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const opened = await chromium.launch({ executablePath: settings.chromium, args });
  closing.push(() => opened.close());
  return opened;
};

/** A page whose errors, and whose requests to anywhere else, are faults. */
export const page = async (opened, base, options = {}) => {
  const context = await opened.newContext({ viewport: DESK, timezoneId: "UTC", locale: "en-GB", ...options });
  const shown = await context.newPage();
  shown.on("pageerror", (error) => hold(false, `a script of ${shown.url()} broke: ${error}`));
  shown.on("request", (request) => hold(/^(data|about|blob):/.test(request.url()) || request.url().startsWith(base), `${shown.url()} asks ${request.url()}`));
  shown.on("console", (message) => hold(!/Content Security Policy|SyntaxError|TypeError/.test(message.text()), `${shown.url()} says ${message.text()}`));
  return shown;
};

/** A JSON merge patch (RFC 7396), applied as any client would. */
export const patched = (to, change) => {
  if (change === null || typeof change !== "object" || Array.isArray(change)) return change;
  const made = to && typeof to === "object" && !Array.isArray(to) ? { ...to } : {};
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete made[key];
    else made[key] = patched(made[key], value);
  }
  return made;
};

/** The events of the stream, one after the other. */
export async function* events(base, { after, query = "", signal } = {}) {
  const answer = await fetch(`${base}/api/v1/live/stream${query}`, { headers: after ? { "last-event-id": after } : {}, signal });
  if (!answer.ok) throw new Error(`the stream answers ${answer.status}`);
  let text = "";
  for await (const bytes of answer.body.pipeThrough(new TextDecoderStream())) {
    text += bytes;
    for (let at; (at = text.indexOf("\n\n")) >= 0; text = text.slice(at + 2)) {
      const field = (name) => (text.slice(0, at).split("\n").find((line) => line.startsWith(`${name}: `)) || "").slice(name.length + 2);
      if (field("event")) yield { event: field("event"), id: field("id"), data: JSON.parse(field("data")) };
    }
  }
}

/** Follows the stream beside the browser: every frame by its number. */
export const follow = (base) => {
  const frames = new Map();
  const leave = new AbortController();
  const state = { frames, latest: null, arrived: new Map(), leave: () => leave.abort() };
  (async () => {
    let frame = null;
    for await (const { event, data } of events(base, { signal: leave.signal })) {
      frame = event === "snapshot" ? data.frame : patched(frame, data.patch);
      frames.set(data.n, frame);
      state.arrived.set(data.n, Date.now());
      state.latest = data.n;
    }
  })().catch(() => {});
  closing.push(async () => leave.abort());
  return state;
};

/** In the page: the rows on screen with the number of their frame, read in one go. */
export const readTable = () => {
  const live = document.querySelector(".live");
  if (!live) return null;
  const rows = [...live.querySelectorAll("tbody tr")].map((row) => {
    const cells = { car: row.dataset.car, state: row.dataset.state, hidden: row.hidden };
    for (const cell of row.querySelectorAll("[data-k]")) if (!(cell.dataset.k in cells)) cells[cell.dataset.k] = cell.textContent;
    cells.sectors = [...row.querySelectorAll("td.sectors > span")].map((sector) => sector.title);
    return cells;
  });
  const says = (key) => (live.querySelector(`[data-h="${key}"]`) || {}).textContent;
  return { n: Number(live.dataset.n), session: live.dataset.session, phase: live.dataset.phase, signal: live.querySelector(".signal").dataset.signal, says: { far: says("far"), title: says("title") }, rows };
};

/** The part of a session that a page is made for: with another it is loaded anew, and what it shows until then is old. */
export const phase = (frame) => `${Boolean(frame.session.start)}${frame.session.running}`;

/** Where the rows on screen and a frame differ, in words. */
export const differences = (seen, frame) => {
  const found = [];
  const differs = (where, screen, there) => { if (screen !== there) found.push(`${where}: screen \`${screen}\`, frame \`${there}\``); };
  differs("order", seen.rows.map((row) => row.car).join(" "), frame.order.join(" "));
  differs("signal", seen.signal, frame.session.signal);
  if (!frame.session.running) differs("state of the session", seen.says.far, frame.session.state);
  else if (frame.session.start) differs("laps of the session", seen.says.far, `${frame.session.laps} laps`);
  for (const row of seen.rows) {
    const car = frame.cars[row.car];
    if (!car) continue;
    // Where nobody said who drives, the crew stands in that place.
    const told = car.driver ? car : { ...car, driver: car.others, others: "" };
    for (const key of ["position", "class_position", "number", "driver", "others", "team", "laps", "gap", "interval", "last", "best"]) differs(`car ${row.car}, ${key}`, row[key], told[key]);
    differs(`car ${row.car}, whereabouts`, row.state, car.state);
    differs(`car ${row.car}, sectors`, row.sectors.join(), car.sectors.map((sector) => sector.time).join());
    if (car.stop) differs(`car ${row.car}, stop`, row["stop.says"], car.stop.says);
  }
  return found;
};

/** A time as it is printed: cut to milliseconds. */
export const time = (us) => {
  if (us === null || us === undefined) return "";
  const ms = Math.floor(us / 1000), two = (n) => String(n).padStart(2, "0");
  const s = Math.floor(ms / 1000), rest = String(ms % 1000).padStart(3, "0");
  if (s >= 3600) return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}.${rest}`;
  return s >= 60 ? `${Math.floor(s / 60)}:${two(s % 60)}.${rest}` : `${s}.${rest}`;
};

/** Where the rows on screen and the core's classification differ, in words. */
export const fromCore = (seen, told) => {
  const found = [];
  const differs = (where, screen, there) => { if (screen !== there) found.push(`${where}: screen \`${screen}\`, core \`${there}\``); };
  differs("order", seen.rows.map((row) => row.car).join(" "), told.rows.map((row) => row.car).join(" "));
  const by = new Map(told.rows.map((row) => [row.car, row]));
  for (const [at, row] of seen.rows.entries()) {
    const car = by.get(row.car);
    if (!car) continue;
    // Who would not be classified if it ended now has no place, but races on: on screen it stands where it stands. What has no number says why.
    const position = car.position ?? (car.finish === "not-classified" && /^\d/.test(row.position) ? String(at + 1) : null);
    if (/^\d/.test(row.position) || position) differs(`car ${row.car}, position`, row.position, position);
    if (car.class_position) differs(`car ${row.car}, class position`, row.class_position, car.class_position);
    differs(`car ${row.car}, laps`, row.laps, String(car.laps));
    differs(`car ${row.car}, gap`, row.gap, car.gap);
    differs(`car ${row.car}, interval`, row.interval, car.interval);
    differs(`car ${row.car}, last`, row.last, time(car.last_us));
    differs(`car ${row.car}, best`, row.best, time(car.best_us));
    differs(`car ${row.car}, in the pits`, row.state === "pit", car.in_pits);
  }
  return found;
};
