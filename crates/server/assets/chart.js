"use strict";
// What is pointed at on a chart: the car whose line is nearest, the lap, the value. Arrow keys go from lap to lap of the car that has the focus.
(() => {
  const page = document.querySelector(".watched");
  if (!page) return;
  const chart = () => page.querySelector("svg.lines");
  const points = (car) => car.points || (car.points = [...car.querySelector(".hit").points].map((at) => [at.x, at.y]));

  let shown = null, hint = null;
  const show = (car, nth) => {
    const svg = chart(), readout = page.querySelector(".readout"), spot = svg.querySelector(".spot");
    if (hint === null) hint = readout.textContent;
    for (const other of svg.querySelectorAll("g.car[data-near]")) if (other !== car) delete other.dataset.near;
    svg.toggleAttribute("data-pointed", Boolean(car));
    shown = car && [car.dataset.car, nth];
    if (!car) { readout.textContent = hint; spot.setAttribute("visibility", "hidden"); return; }
    car.dataset.near = "";
    const [x, y] = points(car)[nth], lap = Number(car.dataset.from) + nth;
    for (const key of ["x1", "x2"]) spot.querySelector("line").setAttribute(key, x);
    spot.querySelector("circle").setAttribute("cx", x);
    spot.querySelector("circle").setAttribute("cy", y);
    spot.dataset.c = car.dataset.c;
    spot.setAttribute("visibility", "visible");
    const says = `Car ${car.dataset.number} · ${car.dataset.name} · ${lap ? `lap ${lap}: ` : ""}${car.dataset.says.split("|")[nth]}`;
    if (readout.textContent !== says) readout.textContent = says;
  };

  const near = (event) => {
    const svg = chart(), box = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / box.width;
    const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
    let best = null;
    for (const car of svg.querySelectorAll("g.car")) points(car).forEach(([px, py], nth) => {
      // Laps lie further apart than lines do: the column first.
      const away = Math.abs(px - x) * 3 + Math.abs(py - y);
      if (!best || away < best.away) best = { car, nth, away };
    });
    return best;
  };

  page.addEventListener("pointermove", (event) => {
    if (!event.target.closest("svg.lines")) return;
    const best = near(event);
    if (best) show(best.car, best.nth);
  });
  // Away from the chart all lines are the same again.
  page.addEventListener("pointerout", (event) => {
    const to = event.relatedTarget && event.relatedTarget.closest ? event.relatedTarget : null;
    if (event.pointerType === "mouse" && event.target.closest("svg.lines, .plates a") && !(to && to.closest("svg.lines, .plates a"))) show(null);
  });
  // In the list of cars one is pointed at, or has the focus.
  const listed = (event) => {
    const plate = event.target.closest && event.target.closest(".plates a[data-car]");
    const car = plate && [...chart().querySelectorAll("g.car")].find((of) => of.dataset.car === plate.dataset.car);
    if (car) show(car, points(car).length - 1);
  };
  page.addEventListener("pointerover", listed);
  page.addEventListener("focusin", listed);
  page.addEventListener("focusout", (event) => {
    if (page.dataset.renewing === undefined && event.target.closest("g.car, .plates a") && !(event.relatedTarget && event.relatedTarget.closest && event.relatedTarget.closest("g.car, .plates a"))) show(null);
  });
  page.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("svg.lines")) return;
    const best = near(event);
    if (best) show(best.car, best.nth);
  });
  page.addEventListener("focusin", (event) => {
    const car = event.target.closest && event.target.closest("g.car");
    if (car && page.dataset.renewing === undefined && !(shown && shown[0] === car.dataset.car)) show(car, points(car).length - 1);
  });
  page.addEventListener("keydown", (event) => {
    const car = event.target.closest && event.target.closest("g.car");
    if (!car) return;
    const all = points(car), at = shown && shown[0] === car.dataset.car ? shown[1] : all.length - 1;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Enter") choose(car.dataset.car);
    if (to === undefined) return;
    event.preventDefault();
    show(car, Math.min(all.length - 1, Math.max(0, to)));
  });

  // A click makes a car stand out, and the address with it.
  const choose = (car) => {
    const to = new URL(location.href);
    if (to.searchParams.get("car") === car) to.searchParams.delete("car");
    else to.searchParams.set("car", car);
    location.replace(to);
  };
  page.addEventListener("click", (event) => {
    if (!event.target.closest("svg.lines")) return;
    const best = near(event);
    if (best && best.away < 60) choose(best.car.dataset.car);
  });

  // The last laps are what is asked for: on a narrow screen the chart begins at its end.
  const end = () => { const box = page.querySelector("figure .scroll"); if (box) box.scrollLeft = box.scrollWidth; };
  end();
  page.addEventListener("renewed", () => {
    hint = null;
    if (!shown) return;
    const car = [...chart().querySelectorAll("g.car")].find((of) => of.dataset.car === shown[0]);
    if (car) show(car, Math.min(shown[1], points(car).length - 1));
  });
})();
