"use strict";
// The live page: a snapshot, then merge patches, each one number after the last. The rows are those the page came with; only what they
// say changes, and where they stand.
(() => {
  const page = document.querySelector(".live");
  // Nothing was opened yet: looked for again.
  if (!page) return void setTimeout(() => location.reload(), 20000);
  const { day, local, patch, show, signal } = window.parcferme;
  const body = page.querySelector("tbody");
  const blank = document.getElementById("row").content.firstElementChild;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let frame = null, number = null, heard = 0, source = null, retry = 500, timer = null;

  // The simulated or replayed clock runs faster than ours.
  const now = () => Date.parse(frame.at) + (performance.now() - heard) * frame.speed;
  const text = (node, says) => { if (node && node.textContent !== says) node.textContent = says; };
  const value = (car, key) => key.split(".").reduce((of, part) => (of === undefined ? undefined : of[part]), car);
  const gained = (places) => (places > 0 ? `▲${places}` : places < 0 ? `▼${-places}` : "");
  const clockOf = (ms) => {
    const s = Math.max(0, Math.floor(ms / 1000)), { two } = window.parcferme;
    return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
  };

  const address = (change) => {
    const to = new URL(location.href);
    change(to.searchParams);
    return to.pathname + to.search;
  };

  const sectors = (cell, of) => {
    while (cell.children.length > of.length) cell.lastElementChild.remove();
    of.forEach((sector, at) => {
      const mark = cell.children[at] || cell.appendChild(Object.assign(document.createElement("span"), { innerHTML: '<span class="unseen"></span>' }));
      mark.dataset.best = sector.best;
      mark.toggleAttribute("data-current", sector.current);
      mark.title = sector.time;
      text(mark.firstElementChild, sector.time + " ");
    });
  };

  const classes = [];
  const colour = (of) => { if (!classes.includes(of)) classes.push(of); return String(classes.indexOf(of) % 4); };
  for (const row of body.rows) if (row.dataset.c !== undefined) classes[Number(row.dataset.c)] = row.dataset.class;

  // In the view of a class or a cup gaps are told among its cars.
  const among = (car, key) => {
    const { cup, class: of } = page.dataset;
    return cup ? (car.in_cups[cup] || {})[key] : car[of ? `class_${key}` : key];
  };

  const fill = (row, id, car) => {
    for (const cell of row.querySelectorAll("[data-k]")) {
      const key = cell.dataset.k, says = key === "gap" || key === "interval" ? among(car, key) : key === "driver" ? car.driver || car.others : key === "others" && !car.driver ? "" : value(car, key);
      text(cell, key === "gained" ? gained(says) : key === "state" ? (says || "").replaceAll("-", " ") : says === undefined ? "" : String(says));
    }
    for (const [key, best] of [["last", "last_best"], ["best", "best_best"]]) row.querySelector(`[data-k="${key}"]`).dataset.best = car[best];
    sectors(row.querySelector("td.sectors"), car.sectors);
    Object.assign(row.dataset, { car: id, state: car.state, class: car.class, cup: car.cup, stop: car.stop ? car.stop.state : "", c: colour(car.class) });
    const follow = row.querySelector("a.follow"), followed = page.dataset.follow === id;
    follow.title = followed ? `Car ${car.number} is followed` : `Follow car ${car.number}`;
    follow.href = address((to) => followed ? to.delete("follow") : to.set("follow", id));
    followed ? follow.setAttribute("aria-current", "true") : follow.removeAttribute("aria-current");
    Object.assign(row.querySelector("td.plate a"), { href: `/entries/${encodeURIComponent(id)}`, title: car.number });
    const detail = row.querySelector("td.stop .sub"), earliest = car.stop && car.stop.earliest;
    let out = detail.querySelector(".earliest");
    if (earliest && !out) out = detail.appendChild(Object.assign(document.createElement("span"), { className: "earliest" }));
    if (out && !earliest) out.remove();
    else if (out) text(out, `out from ${local(new Date(earliest))}`);
    const only = page.dataset;
    row.hidden = Boolean((only.class && car.class !== only.class) || (only.cup && !car.cup.split("|").includes(only.cup)));
    row.toggleAttribute("data-followed", followed);
  };

  const rows = new Map();
  for (const row of body.rows) rows.set(row.dataset.car, row);

  const draw = () => {
    const tops = new Map();
    const order = frame.order.map((id) => {
      if (!rows.has(id)) rows.set(id, blank.cloneNode(true));
      return rows.get(id);
    });
    const moved = order.some((row, at) => body.rows[at] !== row);
    if (moved && !calm.matches) for (const row of body.rows) tops.set(row, row.offsetTop);
    frame.order.forEach((id, at) => fill(order[at], id, frame.cars[id]));
    if (moved) {
      // A row moves only where it must: the focus stays where it is.
      order.forEach((row, at) => { if (body.rows[at] !== row) body.insertBefore(row, body.rows[at] || null); });
      while (body.rows.length > order.length) body.lastElementChild.remove();
      for (const row of order) {
        const from = tops.get(row);
        if (from === undefined || from === row.offsetTop) continue;
        row.classList.remove("moving");
        row.style.transform = `translateY(${from - row.offsetTop}px)`;
        requestAnimationFrame(() => { row.classList.add("moving"); row.style.transform = ""; });
      }
    }
    page.querySelector(".nobody").hidden = order.some((row) => !row.hidden);
    head();
    messages();
    exits();
  };

  // What its state says besides the signal, which stands before it.
  const beside = ({ signal, state }) => {
    const before = [signal, "open"].find((of) => state.startsWith(of));
    return before === undefined ? state : state.slice(before.length).replace(/^[, ]+/, "");
  };

  const head = () => {
    const session = frame.session;
    if (!session) return;
    for (const node of page.querySelectorAll("[data-h]")) {
      const far = session.running && session.start && session.kind.includes("race") ? `${session.laps} laps` : beside(session);
      const says = node.dataset.h === "far" ? far : String(session[node.dataset.h] ?? "");
      text(node, node.dataset.h === "signal" ? signal(says) : says);
    }
    page.querySelector(".signal").dataset.signal = session.signal;
    const since = page.querySelector('[data-t="signal_since"]');
    text(since, local(new Date(session.signal_since)));
    const share = page.querySelector("a.share");
    if (share) {
      share.href = address((to) => { to.delete("delay"); to.set("at", frame.at); });
    }
    // Of a simulated weekend nothing more comes once its last session is closed.
    const simulated = document.querySelector(".simulation"), over = session.signal === "close" && !frame.next;
    if (simulated && page.dataset.stream && !page.querySelector(".replay")) for (const part of simulated.querySelectorAll("[data-over]")) part.hidden = (part.dataset.over === "true") !== over;
    band(session);
  };

  const band = (session) => {
    const hour = page.querySelector(".hour"), window_ = frame.window;
    if (!hour || !session.start || !session.ends) return;
    const from = Date.parse(session.start), span = Date.parse(session.ends) - from;
    const share = (at) => `${Math.min(100, Math.max(0, ((at - from) / span) * 100)).toFixed(2)}%`;
    hour.querySelector(".now").style.left = share(now());
    const bar = hour.querySelector(".window");
    if (bar && window_) {
      bar.dataset.state = window_.state;
      text(bar.querySelector(".times"), `${clockOf(Date.parse(window_.opens) - from)}–${clockOf(Date.parse(window_.closes) - from)}`);
      text(bar.querySelector(".awaits"), window_.awaits ? `, later if the ${window_.awaits.replaceAll("-", " ")} lasts` : "");
      bar.toggleAttribute("data-awaits", Boolean(window_.awaits));
      bar.style.left = share(Date.parse(window_.opens));
      bar.style.width = `calc(${share(Date.parse(window_.closes))} - ${share(Date.parse(window_.opens))})`;
    }
  };

  const messages = () => {
    const list = page.querySelector(".messages ol");
    const told = [...list.querySelectorAll("[data-n]")], last = told.length ? told[0].dataset.n : "";
    const all = Object.keys(frame.messages).sort();
    // One that was told late, or undone, numbers those after it anew.
    const same = (li) => { const said = frame.messages[li.dataset.n]; return said && said.says === li.lastElementChild.textContent && said.at === li.firstElementChild.dateTime; };
    const gone = told.some((li) => !same(li));
    if (gone) list.replaceChildren();
    for (const n of all.filter((n) => gone || n > last)) {
      const said = frame.messages[n], li = document.createElement("li");
      Object.assign(li.dataset, { n, kind: said.kind });
      const time = Object.assign(document.createElement("time"), { dateTime: said.at, textContent: local(new Date(said.at)) });
      li.append(time, " ", Object.assign(document.createElement("span"), { textContent: said.says }));
      list.prepend(li);
    }
    days();
  };

  // Where messages are of several days, by the reader's clock, each day's stand below its date.
  const days = () => {
    const list = page.querySelector(".messages ol"), told = [...list.querySelectorAll("[data-n]")];
    const dates = told.map((li) => day(new Date(li.firstElementChild.dateTime))), several = new Set(dates).size > 1;
    const wanted = told.flatMap((li, at) => (several && dates[at] !== dates[at - 1] ? [dates[at], li] : [li]));
    const there = [...list.children];
    if (wanted.length === there.length && wanted.every((of, at) => of === there[at] || of === (there[at].className === "day" && there[at].textContent))) return;
    list.replaceChildren(...wanted.map((of) => (typeof of === "string" ? Object.assign(document.createElement("li"), { className: "day", textContent: of }) : of)));
  };

  // Once the race is over, nobody is waited for; nor once the window is, and nobody is at a stop.
  const awaited = () => frame.session.running && (["opens", "delayed", "open"].includes(frame.window && frame.window.state) || Object.values(frame.cars).some((car) => car.stop && car.stop.state === "in"));

  const exits = () => {
    const place = page.querySelector(".exits .next");
    if (!place) return;
    place.parentElement.hidden = !awaited();
    const waiting = frame.order.map((id) => frame.cars[id]).filter((car) => car.stop && car.stop.state === "in" && car.stop.earliest);
    waiting.sort((a, b) => Date.parse(a.stop.earliest) - Date.parse(b.stop.earliest));
    // One that may leave already is no longer waited for, unless it is the only one.
    const car = waiting.find((car) => Date.parse(car.stop.earliest) > now()) || waiting[0];
    if (!car) {
      if (!place.querySelector(".quiet")) place.replaceChildren(Object.assign(document.createElement("p"), { className: "quiet", textContent: "no car at its stop" }));
      return;
    }
    let exit = place.querySelector(".exit");
    if (!exit) {
      place.innerHTML = '<p class="exit"><strong></strong> <span class="until"></span></p><p></p>';
      exit = place.querySelector(".exit");
    }
    text(exit.firstElementChild, car.number);
    exit.querySelector(".until").dataset.until = car.stop.earliest;
    text(place.lastElementChild, `${car.team} may leave at ${local(new Date(car.stop.earliest))}: ${car.stop.minimum} s`);
  };

  const left = (session) => {
    if (!session.start && session.running) {
      if (!session.planned) return "";
      const until = Date.parse(session.planned) - now();
      return until >= 1000 ? `start in ${clockOf(until)}` : "start due";
    }
    if (session.of_laps) return `${session.laps} / ${session.of_laps}`;
    return session.ends ? clockOf(Date.parse(session.ends) - (session.running ? now() : Math.max(now(), Date.parse(session.ends)))) : "";
  };

  // Clocks run between frames.
  const tick = () => {
    if (frame && !document.hidden) {
      const session = frame.session;
      if (session) for (const clock of page.querySelectorAll("[data-clock]")) text(clock, left(session));
      for (const until of page.querySelectorAll("[data-until]")) {
        const left = Date.parse(until.dataset.until) - now();
        text(until, left > 0 ? `${Math.floor(left / 60000)}:${(left / 1000 % 60).toFixed(1).padStart(4, "0")}` : "may leave");
      }
      if (session) band(session);
    }
    setTimeout(() => requestAnimationFrame(tick), 90);
  };

  const hear = (data, whole) => {
    if (!whole && number !== null && data.n !== number + 1) return again(true);
    number = data.n;
    if (whole) frame = data.frame;
    else if (frame) patch(frame, data.patch);
    if (!frame) return;
    heard = performance.now();
    retry = 500;
    page.dataset.n = number;
    const session = frame.session ? frame.session.id : "";
    // Another session has other columns and links: the page is loaded anew.
    // Neither has one that begins or ends the same.
    const phase = frame.session ? `${Boolean(frame.session.start)}${frame.session.running}` : "";
    if (session !== page.dataset.session || (page.dataset.phase && phase !== page.dataset.phase)) {
      // A replay goes on at its moment.
      if (page.dispatchEvent(new CustomEvent("anew", { cancelable: true, detail: frame.at }))) location.reload();
      return;
    }
    page.dataset.phase = phase;
    draw();
    page.dispatchEvent(new CustomEvent("frame", { detail: frame.at }));
  };

  // A line that is lost is taken up again where it was; where a number is missing, from a snapshot.
  const again = (afresh) => {
    if (source) source.close();
    source = null;
    if (afresh) number = null;
    page.dataset.line = "lost";
    // One line at a time, however many say that it is lost.
    clearTimeout(timer);
    timer = setTimeout(listen, retry);
    retry = Math.min(retry * 2, 8000);
  };

  let last = null, said = 0;
  const listen = () => {
    if (source || !page.dataset.stream) return;
    said = performance.now();
    const stream = new URL(page.dataset.stream, location.href);
    if (number !== null && last) stream.searchParams.set("after", last);
    source = new EventSource(stream);
    source.addEventListener("open", () => { page.dataset.line = "open"; });
    source.addEventListener("snapshot", (event) => { last = event.lastEventId; hear(JSON.parse(event.data), true); });
    source.addEventListener("delta", (event) => { last = event.lastEventId; hear(JSON.parse(event.data), false); });
    source.addEventListener("error", () => again(false));
    source.addEventListener("end", () => { source.close(); source = null; page.dispatchEvent(new Event("over")); });
  };

  // A replay: another moment or another speed is another stream; without one the clock stands.
  const retune = () => {
    if (frame && !page.dataset.stream) {
      frame.at = new Date(now()).toISOString();
      frame.speed = 0;
    }
    retry = 10;
    last = null;
    again(true);
  };
  page.addEventListener("retune", retune);
  page.now = () => (frame ? now() : null);

  tick();
  if (page.dataset.stream) {
    listen();
    // A laptop that slept, a phone that found its network again: at once, whatever the wait had grown to.
    const now = () => { if (!document.hidden && page.dataset.line === "lost") { retry = 100; again(false); } };
    document.addEventListener("visibilitychange", now);
    window.addEventListener("online", now);
    // A line can die without a word: something is heard every five seconds on one that lives.
    setInterval(() => { if (source && performance.now() - Math.max(heard, said) > 20000) again(false); }, 2000);
  }

  // The delay moves everything on the page together, and the address with it.
  const delay = page.querySelector(".delay input[name=delay]");
  if (delay) delay.addEventListener("change", () => {
    const seconds = Math.min(120, Math.max(0, Math.round(Number(delay.value) || 0)));
    delay.value = seconds;
    const to = new URL(location.href), stream = new URL(page.dataset.stream, location.href);
    for (const address of [to, stream]) seconds ? address.searchParams.set("delay", seconds) : address.searchParams.delete("delay");
    history.replaceState(null, "", to);
    page.dataset.stream = stream.pathname + stream.search;
    retry = 10;
    again(true);
  });

  // The address of this moment, for others: into the clipboard where the browser lets us, or else it is opened, and stands above.
  const share = page.querySelector("a.share");
  if (share) share.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
    event.preventDefault();
    const said = page.querySelector(".copied"), to = share.href;
    try {
      await navigator.clipboard.writeText(to);
      said.textContent = "copied";
      setTimeout(() => { said.textContent = ""; }, 4000);
    } catch {
      location.href = to;
    }
  });

  // Filters and the followed car change what is shown at once, and the address.
  page.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    // A moment without a stream has nothing to draw again: its links are followed.
    if (!frame) return;
    const filter = event.target.closest(".filters a"), row = event.target.closest("tbody tr"), link = event.target.closest("a:not(.follow)");
    const to = new URL(location.href);
    if (filter) {
      event.preventDefault();
      for (const key of ["class", "cup"]) { to.searchParams.delete(key); delete page.dataset[key]; }
      const [key, of] = filter.dataset.onlyClass ? ["class", filter.dataset.onlyClass] : ["cup", filter.dataset.onlyCup];
      if (of) { to.searchParams.set(key, of); page.dataset[key] = of; }
      for (const other of page.querySelectorAll(".filters a")) other.removeAttribute("aria-current");
      filter.setAttribute("aria-current", "true");
    } else if (row && !link) {
      event.preventDefault();
      const id = row.dataset.car, on = page.dataset.follow !== id;
      if (on) { page.dataset.follow = id; to.searchParams.set("follow", id); }
      else { delete page.dataset.follow; to.searchParams.delete("follow"); }
    } else return;
    history.replaceState(null, "", to);
    if (frame) draw();
  });
  show(page);
  days();
})();
