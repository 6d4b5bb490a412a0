// A whole simulated race watched on the live page: every frame that was drawn against the stream's frame of the same number, and many of them
// against the core, asked by the command line what it says at that moment.
import { browser, command, core, demo, differences, follow, fromCore, hold, page, phase, readTable, scenario, SEASON, settings, tell, until } from "./lib.mjs";
import { join } from "node:path";

const RACE = "6.race-2";

scenario("watch", 400, async () => {
  const server = await demo({ dir: "watch", speed: settings.speed || 90 });
  const stream = follow(server.base);
  const opened = await browser();
  const shown = await page(opened, server.base);
  const seen = [];
  await shown.exposeFunction("seen", (table) => { seen.push(table); });
  await shown.addInitScript(`(() => {
    const readTable = ${readTable};
    // Drawn and numbered in one go; this is called when that is done.
    new MutationObserver((changes) => {
      if (changes.some((change) => change.target.matches(".live"))) window.seen(readTable());
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-n"] });
  })();`);
  await shown.goto(`${server.base}/live`);
  const first = stream.frames.get(stream.latest);
  tell(`watching from ${first.session.id}: ${first.session.state}`);
  await until("the second race is over", () => {
    const frame = stream.frames.get(stream.latest);
    return frame.session.id === RACE && !frame.session.running && /ended/.test(frame.session.state) && frame.order.some((id) => frame.cars[id].state === "finished");
  }, 200);
  await until("the screen has it too", () => seen.some((table) => table.session === RACE && /ended/.test(table.says.far)));

  const of = seen.map((table) => ({ table, frame: stream.frames.get(table.n) })).filter(({ table, frame }) => frame && frame.session.id === table.session && (table.phase ?? phase(frame)) === phase(frame));
  let wrong = 0;
  for (const { table, frame } of of) {
    const found = differences(table, frame);
    if (found.length && wrong++ < 5) hold(false, `frame ${table.n}, ${frame.at}: ${found.slice(0, 5).join("; ")}`);
  }
  hold(wrong === 0, `${wrong} of ${of.length} frames on screen differ from the stream`);

  const race = of.filter(({ frame }) => frame.session.id === RACE);
  const states = [...new Set(race.map(({ frame }) => frame.session.state.split(",")[0]))];
  hold(race.length >= 30, `only ${race.length} frames of the race were seen`);
  const before = race.find(({ frame }) => !frame.session.start);
  if (hold(before, "the race was not seen before its start")) {
    const grid = JSON.parse(await command("grid", join(server.dir, SEASON), "6", "race-2", "--format", "json")).places.map(({ car }) => car);
    const order = before.table.rows.map(({ car }) => car);
    hold(order.slice(0, grid.length).join() === grid.join(), `before the start the table is ${order.join(" ")}, and the grid ${grid.join(" ")}`);
  }
  const laps = race.map(({ frame }) => frame.session.laps);
  hold(Math.max(...laps) >= 25, `only ${Math.max(...laps)} laps were seen`);
  const orders = new Set(race.map(({ table }) => table.rows.map((row) => row.car).join())).size;
  hold(orders >= 10, `only ${orders} different orders were seen`);
  const where = new Set(race.flatMap(({ table }) => table.rows.map((row) => row.state)));
  for (const state of ["not-out", "track", "pit", "out-lap", "finished"]) hold(where.has(state), `no car was seen ${state}`);

  const most = 60, moments = race.filter((_, at) => at % Math.ceil(race.length / most) === 0 || at === race.length - 1);
  const ask = async ({ table, frame }) => {
    const found = fromCore(table, await core(server.dir, 6, "race-2", frame.at));
    hold(!found.length, `at ${frame.at} the screen is not what the core says: ${found.slice(0, 5).join("; ")}`);
  };
  for (let at = 0; at < moments.length; at += 2) await Promise.all(moments.slice(at, at + 2).map(ask));
  hold(moments.length >= 25, `only ${moments.length} moments were held against the core`);
  tell(`${of.length - wrong} of ${of.length} frames on screen the same as the stream's, ${race.length} of them of ${RACE} (${Math.max(...laps)} laps, ${orders} different orders; ${states.join(", ")}); ${moments.length} moments held against the core`);
});
