"use strict";
// Pages that follow a session while it runs: the live stream says that something changed, and the page's own part is fetched anew, at most every
// two seconds. Clocks run between.
(() => {
  const page = document.querySelector(".watched");
  if (!page) return;
  const heed = page.dataset.heed.split(" ");
  let base = Date.parse(page.dataset.at), heard = performance.now(), fetched = heard, wanted = false, busy = false;
  const now = () => base + (performance.now() - heard) * Number(page.dataset.speed);

  const tick = () => {
    if (!document.hidden) {
      for (const until of page.querySelectorAll("[data-until]")) {
        const left = Math.floor(Date.parse(until.dataset.until) - now());
        const says = left > 0 ? `${Math.floor(left / 60000)}:${(left / 1000 % 60).toFixed(3).padStart(6, "0")}` : "may leave";
        if (until.textContent !== says) until.textContent = until.closest(".windowline") && left <= 0 ? "0:00.000" : says;
      }
      const scale = page.querySelector("[data-scale]");
      for (const bar of scale ? page.querySelectorAll(".took[data-since]") : [])
        bar.style.width = `${Math.min(100, ((now() - Date.parse(bar.dataset.since)) / scale.dataset.scale) * 100).toFixed(2)}%`;
      const hour = page.querySelector(".hour[data-from]");
      if (hour) {
        const from = Date.parse(hour.dataset.from), span = Date.parse(hour.dataset.to) - from;
        hour.querySelector(".now").style.left = `${Math.min(100, Math.max(0, ((now() - from) / span) * 100)).toFixed(2)}%`;
      }
    }
    requestAnimationFrame(tick);
  };

  // Where the focus is, in words that hold for the next version of the page too.
  const place = (node) => {
    if (!node || !page.contains(node)) return null;
    const like = node.localName + (node.className ? "." + [...node.classList].join(".") : "");
    const all = [...page.querySelectorAll(like)];
    const car = node.closest("[data-car]");
    return { like, at: all.indexOf(node), car: car && car.dataset.car };
  };
  const found = (of) => {
    const all = [...page.querySelectorAll(of.like)];
    const same = of.car === null ? null : all.find((node) => { const car = node.closest("[data-car]"); return car && car.dataset.car === of.car; });
    return same || all[of.at];
  };

  const renew = async () => {
    busy = true;
    wanted = false;
    try {
      const response = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!response.ok) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector(".watched");
      if (!fresh) return;
      const focus = place(document.activeElement);
      const scrolled = [...page.querySelectorAll(".scroll")].map((of) => [of.scrollLeft, of.scrollTop]);
      const open = [...page.querySelectorAll("details")].map((of) => of.open);
      page.replaceChildren(...fresh.childNodes);
      for (const key of ["at", "speed"]) page.dataset[key] = fresh.dataset[key];
      base = Date.parse(page.dataset.at);
      heard = performance.now();
      page.querySelectorAll("details").forEach((of, at) => { of.open = open[at] || false; });
      page.querySelectorAll(".scroll").forEach((of, at) => { if (scrolled[at]) [of.scrollLeft, of.scrollTop] = scrolled[at]; });
      const node = focus && found(focus);
      // Nobody moved the focus: what is shown stays.
      page.dataset.renewing = "";
      if (node) node.focus({ preventScroll: true });
      delete page.dataset.renewing;
      window.parcferme.show(page);
      page.dispatchEvent(new Event("renewed"));
      // It is over: nothing more is to come.
      if (!fresh.dataset.stream && source) source.close();
    } catch {
      wanted = true;
    } finally {
      fetched = performance.now();
      busy = false;
    }
  };
  setInterval(() => { if (wanted && !busy && !document.hidden && performance.now() - fetched >= 2000) renew(); }, 100);

  const changed = (patch) => heed.some((key) => key in patch) || Object.values(patch.cars || {}).some((car) => car && heed.some((key) => key in car));
  let source = null;
  const listen = () => {
    source = new EventSource(page.dataset.stream);
    // The first snapshot is what the page shows; a later one comes after something was missed.
    let first = true;
    source.addEventListener("snapshot", (event) => {
      const { frame } = JSON.parse(event.data);
      wanted = wanted || !first || !frame.session || frame.session.id !== page.dataset.session;
      first = false;
    });
    source.addEventListener("delta", (event) => {
      const { patch } = JSON.parse(event.data);
      if (patch.at) { base = Date.parse(patch.at); heard = performance.now(); }
      if (changed(patch)) wanted = true;
    });
    source.addEventListener("error", () => { if (source.readyState === 2) setTimeout(listen, 2000); });
  };
  if (page.dataset.stream) { listen(); requestAnimationFrame(tick); }
})();
