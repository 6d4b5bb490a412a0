"use strict";
// Plays a session again: another stream for the live page, from any moment, at any speed.
(() => {
  const form = document.querySelector("form.replay"), page = document.querySelector(".live");
  if (!form || !page) return;
  const button = form.querySelector("[data-do=play]"), speed = form.elements.speed, track = form.querySelector("[type=range]");
  const shown = form.querySelector("output time"), open = Date.parse(form.dataset.first), until = Date.parse(form.dataset.last);
  form.querySelector(".scripted").hidden = false;
  form.querySelector(".steps").dataset.quiet = "";
  let playing = false, at = Date.parse(page.dataset.at), moving = false;

  const says = () => {
    if (!moving) track.value = Math.round((at - open) / 1000);
    track.setAttribute("aria-valuetext", window.parcferme.local(new Date(at)));
    shown.textContent = window.parcferme.local(new Date(at));
    form.elements.at.value = new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
    const minutes = { "−10 min": -10, "−1 min": -1, "+1 min": 1, "+10 min": 10 };
    for (const link of form.querySelectorAll(".steps a")) {
      const to = new URL(link.href), away = minutes[link.textContent];
      if (away) to.searchParams.set("at", new Date(Math.min(until, Math.max(open, at + away * 60000))).toISOString());
      to.searchParams.set("speed", speed.value);
      link.href = to.pathname + to.search;
    }
  };
  const address = () => `${form.dataset.replay}?${new URLSearchParams({ from: new Date(at).toISOString(), speed: speed.value })}`;
  const remember = () => {
    const to = new URL(location.href);
    to.searchParams.set("at", new Date(at).toISOString());
    to.searchParams.set("speed", speed.value);
    history.replaceState(null, "", to);
  };
  const play = (on) => {
    playing = on;
    button.textContent = on ? "Pause" : "Play";
    button.setAttribute("aria-pressed", String(on));
    if (on) page.dataset.stream = address();
    else delete page.dataset.stream;
    page.dispatchEvent(new Event("retune"));
    remember();
  };
  // One frame of another moment, and no more: the stream is let go when it has come.
  let once = false;
  const jump = () => {
    once = !playing;
    page.dataset.stream = address();
    page.dispatchEvent(new Event("retune"));
    remember();
    says();
  };

  button.addEventListener("click", () => {
    if (!playing && at >= until) at = open;
    play(!playing);
  });
  speed.addEventListener("change", () => { if (playing) jump(); else remember(); says(); });
  track.addEventListener("input", () => { moving = true; at = open + Number(track.value) * 1000; says(); });
  track.addEventListener("change", () => { moving = false; at = open + Number(track.value) * 1000; jump(); });
  page.addEventListener("frame", (event) => {
    at = Date.parse(event.detail);
    says();
    if (once) { once = false; play(false); }
  });
  // The page of a race that began has other parts than that of one that did not: it is loaded anew, and played on.
  page.addEventListener("anew", (event) => {
    event.preventDefault();
    at = Date.parse(event.detail);
    delete page.dataset.stream;
    page.dispatchEvent(new Event("retune"));
    const to = new URL(location.href);
    to.searchParams.set("at", new Date(at).toISOString());
    to.searchParams.set("speed", speed.value);
    if (playing) to.hash = "play";
    if (to.href.split("#")[0] === location.href.split("#")[0]) return;
    location.replace(to);
  });
  page.addEventListener("over", () => { at = until; play(false); says(); });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, button, a") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") { event.preventDefault(); button.click(); }
  });
  setInterval(() => { if (playing && page.now && !moving) { at = Math.min(until, page.now()); says(); } }, 250);
  says();
  if (location.hash === "#play") play(true);
})();
