"use strict";
// The overlay follows the live stream: a snapshot, then merge patches.
(() => {
  const page = document.querySelector(".overlay"), classes = page.dataset.classes.split("|");
  const { patch, signal } = window.parcferme;
  let frame = null, number = null, heard = 0;
  const now = () => Date.parse(frame.at) + (performance.now() - heard) * frame.speed;
  const text = (node, says) => { if (node && node.textContent !== says) node.textContent = says; };
  const clock = (ms) => { const s = Math.max(0, Math.floor(ms / 1000)); return `${s >= 3600 ? `${Math.floor(s / 3600)}:${String(Math.floor(s / 60) % 60).padStart(2, "0")}` : Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`; };
  const item = (list, at) => list.children[at] || list.appendChild(list.firstElementChild ? list.firstElementChild.cloneNode(true) : made());
  const made = () => {
    const li = document.createElement("li");
    li.append(document.createElement("b"), document.createElement("i"), Object.assign(document.createElement("span"), { className: "name" }), Object.assign(document.createElement("span"), { className: "gap" }));
    return li;
  };
  const fill = (list, cars, first) => {
    while (list.children.length > cars.length) list.lastElementChild.remove();
    cars.forEach((car, at) => {
      const li = item(list, at);
      li.dataset.state = car.state;
      text(li.querySelector("b"), first(car));
      const plate = li.querySelector("i");
      plate.dataset.c = Math.max(0, classes.indexOf(car.class)) % 4;
      text(plate, car.number);
      text(li.querySelector(".name"), car.driver || car.team);
      text(li.querySelector(".gap"), car.state === "pit" ? "PIT" : car.state === "stopped" ? "STOPPED" : car.gap);
    });
  };

  const draw = () => {
    const cars = frame.order.map((id) => frame.cars[id]), only = page.dataset.class;
    const list = page.querySelector(".tower ol"), leaders = page.querySelector(".leaders ul"), session = frame.session;
    if (list) {
      fill(list, cars.filter((car) => !only || car.class === only).slice(0, Number(page.dataset.rows)), (car) => (only ? car.class_position : car.position));
      const head = page.querySelector(".head");
      head.dataset.signal = session ? session.signal : "";
      text(head.querySelector(".title"), session ? session.title : "");
      text(head.querySelector(".signal"), session ? signal(session.signal) : "");
    }
    if (leaders) fill(leaders, classes.map((of) => cars.find((car) => car.class === of)).filter(Boolean), (car) => car.class);
    const box = page.querySelector(".window");
    if (box) box.hidden = !frame.window;
  };

  const tick = () => {
    if (frame) {
      const session = frame.session, window_ = frame.window, at = now();
      const left = session && session.ends ? clock(Date.parse(session.ends) - at) : "";
      text(page.querySelector(".clock"), session && session.of_laps ? `${session.laps}/${session.of_laps}` : session && session.running ? left : "");
      const box = page.querySelector(".window");
      if (box && window_) {
        const state = window_.state;
        text(box.querySelector(".state"), state === "opens" && window_.opens ? `Pit window opens in ${clock(Date.parse(window_.opens) - at)}`
          : state === "open" && window_.closes ? `Pit window closes in ${clock(Date.parse(window_.closes) - at)}` : `Pit window ${state}`);
        const exits = frame.order.map((id) => frame.cars[id]).filter((car) => car.stop && car.stop.state === "in" && Date.parse(car.stop.earliest) > at);
        exits.sort((a, b) => Date.parse(a.stop.earliest) - Date.parse(b.stop.earliest));
        const next = exits[0];
        text(box.querySelector(".exit"), next ? `Next exit ${next.number} in ${((Date.parse(next.stop.earliest) - at) / 1000).toFixed(1)} s` : "");
        box.querySelector(".exit").hidden = !next;
      }
    }
    setTimeout(tick, 100);
  };

  const listen = () => {
    const source = new EventSource(page.dataset.stream);
    const hear = (event, whole) => {
      const data = JSON.parse(event.data);
      // A number is missing: from a snapshot again.
      if (!whole && data.n !== number + 1) { source.close(); setTimeout(listen, 500); return; }
      number = data.n;
      frame = whole ? data.frame : patch(frame, data.patch);
      heard = performance.now();
      draw();
    };
    source.addEventListener("snapshot", (event) => hear(event, true));
    source.addEventListener("delta", (event) => hear(event, false));
    source.addEventListener("error", () => { source.close(); setTimeout(listen, 1000); });
  };
  listen();
  tick();
})();
