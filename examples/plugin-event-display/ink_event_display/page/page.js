// Three views of one event: the energy in each column of crystals, as colours on a logarithmic scale.

const API = "/api/v1/event-display";
const SVG = "http://www.w3.org/2000/svg";
const CRYSTALS = 21;
const LOWEST_GEV = 0.001;
const DECADES = 5;

const said = document.getElementById("said");
const list = document.getElementById("events");

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** From blue to yellow, for 1 MeV to 100 GeV. */
function colour(gev) {
  const share = Math.min(1, Math.max(0, Math.log10(gev / LOWEST_GEV) / DECADES));
  return `hsl(${250 - 200 * share} 85% ${38 + 17 * share}%)`;
}

function draw(view, hits, across, down) {
  const columns = new Map();
  for (const hit of hits) {
    const key = hit[across] * CRYSTALS + hit[down];
    columns.set(key, (columns.get(key) ?? 0) + hit[3]);
  }
  const squares = [...columns].map(([key, gev]) => {
    const [x, y] = [Math.floor(key / CRYSTALS), key % CRYSTALS];
    const square = node("rect", { x: x + 0.05, y: y + 0.05, width: 0.9, height: 0.9, fill: colour(gev) });
    const label = node("title", {});
    label.textContent = `${gev.toPrecision(3)} GeV`;
    square.append(label);
    return square;
  });
  const frame = node("rect", { x: 0, y: 0, width: CRYSTALS, height: CRYSTALS, class: "frame" });
  document.getElementById(view).replaceChildren(frame, ...squares);
}

function show(event, button) {
  for (const other of list.querySelectorAll("button")) other.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  const seen = event.hits.reduce((sum, hit) => sum + hit[3], 0);
  document.getElementById("title").textContent = event.name;
  document.getElementById("facts").textContent =
    `${event.hits.length} crystals, ${seen.toPrecision(3)} of ${event.energy_gev} GeV seen`;
  draw("xz", event.hits, 0, 2);
  draw("yz", event.hits, 1, 2);
  draw("xy", event.hits, 0, 1);
}

function offer(events, source) {
  said.textContent = source;
  const entries = events.map((event) => {
    const button = document.createElement("button");
    button.textContent = event.name;
    button.addEventListener("click", () => show(event, button));
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  list.replaceChildren(...entries);
  list.querySelector("button")?.click();
}

async function load(path, source) {
  said.textContent = "Loading …";
  try {
    const answer = await fetch(`${API}${path}`);
    const told = await answer.json();
    if (answer.ok) offer(told.events, source);
    else said.textContent = told.detail;
  } catch {
    said.textContent = "INK does not answer; try again.";
  }
}

function simulate(seed) {
  return load(`/simulated?seed=${seed}`, "Simulated events");
}

document.getElementById("source").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const path = document.getElementById("path").value.trim();
  void load(`/events?path=${encodeURIComponent(path)}`, `Events of ${path}`);
});
document.getElementById("simulate").addEventListener("click", () => {
  void simulate(Math.floor(Math.random() * 2 ** 31));
});

const band = document.querySelector("#scale svg");
for (let step = 0; step < 50; step++) {
  const gev = LOWEST_GEV * 10 ** ((step / 49) * DECADES);
  band.append(node("rect", { x: step * 2, y: 0, width: 2, height: 4, fill: colour(gev) }));
}
await simulate(1);
