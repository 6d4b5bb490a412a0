// A line that is lost: the network goes and comes back, the server is killed in the middle of the race, a tab sleeps.
import { browser, command, core, demo, differences, events, follow, freePort, fromCore, hold, line, page, readTable, scenario, SEASON, tell, until, wait } from "./lib.mjs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

const shownNow = (shown) => shown.evaluate(readTable);
const follows = (shown) => shown.evaluate(() => document.querySelector(".live").dataset.line);

/** The screen comes to be the stream's latest frame, at a moment when neither moves on while both are read. */
const same = (shown, stream, says) => until(`${says}: the screen is the stream's frame`, async () => {
  const seen = await shownNow(shown);
  const frame = seen && stream.frames.get(seen.n);
  return frame && stream.latest - seen.n <= 2 && differences(seen, frame).length === 0 ? { seen, frame } : null;
}, 30);

scenario("line", 300, async () => {
  const port = await freePort();
  const server = await demo({ dir: "line", speed: 12, port });
  let stream = follow(server.base);
  const cable = await line(port);
  const opened = await browser();
  const shown = await page(opened, cable.base);
  const streams = [];
  shown.on("request", (request) => { if (request.url().includes("/stream")) streams.push(request.url()); });
  await shown.goto(`${cable.base}/live`);
  await shown.evaluate(() => { window.neverLoadedAgain = true; });
  await same(shown, stream, "at first");

  // The network goes, and comes back.
  await shown.context().setOffline(true);
  cable.cut();
  await until("the page says that the line is lost", async () => (await follows(shown)) === "lost");
  const before = (await shownNow(shown)).n;
  await until("frames go by", () => stream.latest >= before + 6);
  hold((await shownNow(shown)).n === before, "the page went on without a network");
  cable.mend();
  await shown.context().setOffline(false);
  const back = Date.now();
  const { seen: after } = await same(shown, stream, "after the network came back");
  tell(`network gone: the page stood at frame ${before}, and was at ${after.n} with the stream ${Date.now() - back} ms after it came back`);
  hold(streams.some((address) => address.includes(`-${before}`)), "the page did not ask for what it missed");

  // The same where it only ever looked connected, and the browser is told nothing.
  const opens = streams.length;
  cable.deaden();
  const dead = Date.now();
  await until("the page gives up a dead line", () => streams.length > opens, 40);
  await same(shown, stream, "after a dead line");
  tell(`line dead without a word: taken up again ${Date.now() - dead} ms later`);

  // One line and no more: a page that opens a second each time would drown the server.
  const good = streams.length;
  await wait(2500);
  hold(streams.length === good, "a page with a good line opens another");
  hold(good <= 8, `${good} streams were opened for two losses`);
  hold(await shown.evaluate(() => window.neverLoadedAgain), "the page was loaded again for a lost network");

  // A tab sleeps: a client with an old number gets the whole race in one answer.
  const old = [];
  for await (const event of events(server.base)) {
    old.push(event);
    if (old.length === 2) break;
  }
  hold(old[0].event === "snapshot" && old[1].event === "delta" && old[1].data.n === old[0].data.n + 1, "a snapshot, then the next number");
  for await (const { data, event } of events(server.base, { after: old[0].id })) {
    hold(event === "delta" && data.n === old[0].data.n + 1, "who missed little gets what it missed");
    break;
  }
  await until("more is missed than is sent again", () => stream.latest > old[1].data.n + 41, 60);
  for (const [who, after] of [["an hour ago", old[0].id], ["another start of the server", "0-7"], ["a number to come", old[0].id.replace(/\d+$/, "99999999")], ["nonsense", "%00<script>"]]) {
    for await (const { event, data } of events(server.base, { after })) {
      hold(event === "snapshot", `after ${who}: the first event is a ${event}`);
      const frame = data.frame, cars = Object.values(frame.cars);
      hold(cars.every((car) => car.sectors.length === 3 && Array.isArray(car.stop.visits)), `after ${who}: sectors and stops are there`);
      hold(cars.some((car) => car.sectors.some((sector) => sector.time)), `after ${who}: sectors have times`);
      await until("the same frame beside", () => stream.frames.has(data.n));
      hold(isDeepStrictEqual(frame, stream.frames.get(data.n)), `after ${who}: the snapshot is the frame of who never slept`);
      break;
    }
  }
  const session = await shown.context().newCDPSession(shown);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  await wait(4000);
  await session.send("Page.setWebLifecycleState", { state: "active" });
  await same(shown, stream, "after the tab slept");
  const stops = Object.values(stream.frames.get(stream.latest).cars).filter((car) => car.stop.visits.length);
  hold(stops.length > 0, "no stop had been made: nothing to keep intact");

  // The server is killed in the middle of the race, and started again.
  const { seen, frame } = await same(shown, stream, "before the kill");
  const facts = async () => (await command("verify", join(server.dir, SEASON))).match(/(\d+) facts/);
  await server.stop("SIGKILL");
  const kept = await facts();
  const told = await core(server.dir, 6, "race-1", frame.at);
  hold(!fromCore(seen, told).length, `what was on screen when the server was killed is not on disk: ${fromCore(seen, told).slice(0, 5).join("; ")}`);
  await until("the page says that the line is lost", async () => (await follows(shown)) === "lost");
  await wait(2000);
  const again = await demo({ dir: "line", speed: 12, port });
  const up = Date.now();
  stream.leave();
  stream = follow(again.base);
  const resumed = await same(shown, stream, "after the kill");
  tell(`server killed at lap ${frame.session.laps} with ${kept[1]} facts, all of them there again; the page went on ${Date.now() - up} ms after the first frame`);
  hold(await shown.evaluate(() => window.neverLoadedAgain), "the page was loaded again for a server that was started again");
  hold(resumed.frame.session.id === frame.session.id && resumed.frame.session.laps >= frame.session.laps, "the race went back");
  hold(resumed.frame.order.length === frame.order.length, "cars were lost");
  for (const id of frame.order) {
    const [had, has] = [frame.cars[id], resumed.frame.cars[id]];
    hold(Number(has.laps) >= Number(had.laps) && Number(has.stops) >= Number(had.stops) && has.stop.visits.length >= had.stop.visits.length, `car ${id} lost laps or stops`);
  }
  const told2 = await core(server.dir, 6, "race-1", frame.at);
  hold(isDeepStrictEqual(told, told2), "the past is another after the restart");
  await until("the race goes on", () => stream.frames.get(stream.latest).at > frame.at, 30);
  const now = await facts();
  hold(Number(now[1]) >= Number(kept[1]), `${kept[1]} facts before, ${now[1]} after`);
});
