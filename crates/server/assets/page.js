"use strict";
// What every page does with a script: times of day in the reader's own time, countdowns.
(() => {
  const two = (n) => String(n).padStart(2, "0");
  const local = (at) => `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;

  const day = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

  const own = Intl.DateTimeFormat().resolvedOptions().timeZone || "your own";
  // The page says which zone its times are in; with a script it is the reader's.
  const show = (root) => {
    for (const zone of root.querySelectorAll(".zone")) zone.textContent = own;
    for (const time of root.querySelectorAll("time[datetime]:not([data-local])")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.valueOf())) continue;
      time.title = time.dateTime;
      const clock = /^\d\d:\d\d:\d\d(\.\d{3})?$/.exec(time.textContent);
      if (clock) time.textContent = local(at) + (clock[1] || "");
      else if (/^\d{4}-\d\d-\d\d \d\d:\d\d$/.test(time.textContent)) time.textContent = `${day(at)} ${local(at).slice(0, 5)}`;
      else if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time.textContent)) time.textContent = `${day(at)} ${local(at)}`;
      time.dataset.local = "";
    }
  };
  show(document);

  // A page of a session that runs is loaded again by itself, but not while somebody is at something in it.
  const again = setInterval(async () => {
    const main = document.querySelector("main");
    if (!main.querySelector("[data-again]")) return clearInterval(again);
    if (document.hidden || main.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.href);
      const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
      if (fresh && !main.contains(document.activeElement)) main.replaceChildren(...fresh.childNodes);
      show(main);
    } catch {
      // What is there stays, until the server answers again.
    }
  }, 1000 * (Number(document.querySelector("[data-again]")?.dataset.again) || 3600));

  // A JSON merge patch (RFC 7396) of an object that is ours.
  const patch = (to, change) => {
    for (const [key, value] of Object.entries(change)) {
      // A name that every object has is none of ours.
      if (!Object.hasOwn(to, key) && key in to) continue;
      if (value === null) delete to[key];
      else if (typeof value === "object" && !Array.isArray(value)) to[key] = patch(to[key] && !Array.isArray(to[key]) && typeof to[key] === "object" ? to[key] : {}, value);
      else to[key] = value;
    }
    return to;
  };

  // A signal as a person says it.
  const said = { "open": "pit exit open", "full-course-yellow": "full-course yellow", "safety-car": "safety car", "red": "red flag, suspended", "close": "closed" };
  const signal = (of) => said[of] || of;

  window.parcferme = { day, local, patch, show, signal, two };
})();
