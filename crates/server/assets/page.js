"use strict";
// What every page does with a script: times of day in the reader's own time, countdowns.
(() => {
  const two = (n) => String(n).padStart(2, "0");
  const local = (at) => `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;

  // The page says which zone its times are in; with a script it is the reader's.
  const show = (root) => {
    for (const time of root.querySelectorAll("time[datetime]:not([data-local])")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.valueOf())) continue;
      time.title = time.dateTime;
      const written = /^\d\d:\d\d:\d\d(\.\d{3})?$/.exec(time.textContent);
      if (written) time.textContent = local(at) + (written[1] || "");
      time.dataset.local = "";
    }
  };
  const zone = document.querySelector("footer .zone");
  if (zone) zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone || "your own";
  show(document);

  window.parcferme = { local, show, two };
})();
