// Check-in over a flaky network. The list and the marks are on the device; marks are sent when the
// network is there, each with an id of its own, so that one that is sent twice counts once.
const root = document.getElementById("check-in");
const texts = JSON.parse(document.getElementById("check-in-texts").textContent);
const { sync: SYNC, worker: WORKER, page: PAGE, event: EVENT, user: USER } = root.dataset;
const UNTIL = Number(root.dataset.until);
const LIST = `cd-check-in.${EVENT}.list`;
const MARK = `cd-check-in.${EVENT}.mark.`;
const [SHOWN, EVERY, LONGEST] = [60, 10_000, 60_000];
const $ = (id) => document.getElementById(`check-in-${id}`);

let people = new Map();
let cursor = "";
let csrf = root.dataset.csrf;
let pause = 0;
let timer = 0;
let busy = false;
let out = "";

const say = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const seconds = () => Date.now() / 1000;
const clock = (moment) => new Date(moment * 1000).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
/** Letters without their accents, for searching. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ł", "l").replaceAll("ß", "ss").replaceAll("ø", "o");
const uuid = () => crypto.randomUUID?.() ?? ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

// --- what is on the device -------------------------------------------------------------------
// Each mark has a key of its own, so two tabs do not overwrite each other's.
function keepList() {
  try {
    localStorage.setItem(LIST, JSON.stringify({ user: USER, until: UNTIL, cursor, people: [...people.values()] }));
  } catch { state("waits", texts.full); }
}

function readList() {
  const kept = JSON.parse(localStorage.getItem(LIST) ?? "null");
  if (!kept) return;
  if (kept.user !== USER || kept.until < seconds()) return forget();
  cursor = kept.cursor;
  people = new Map(kept.people.map((person) => [person.id, person]));
}

function waiting() {
  const found = [];
  for (let place = 0; place < localStorage.length; place += 1) {
    const key = localStorage.key(place);
    if (key.startsWith(MARK)) found.push(JSON.parse(localStorage.getItem(key)));
  }
  return found.filter((mark) => mark.user === USER).sort((a, b) => a.marked_at - b.marked_at);
}

const keepMark = (mark) => localStorage.setItem(MARK + mark.id, JSON.stringify(mark));
const dropMark = (id) => localStorage.removeItem(MARK + id);

/** Remove names from the device; marks that were not sent hold no names and stay. */
function forget() {
  people = new Map();
  cursor = "";
  localStorage.removeItem(LIST);
  navigator.serviceWorker?.controller?.postMessage({ forget: true });
  globalThis.caches?.delete(`cd-check-in-${EVENT}`);
}

// --- what is shown ---------------------------------------------------------------------------
function state(kind, text) {
  $("state").hidden = false;
  $("state").dataset.state = kind;
  if ($("state").textContent !== text) $("state").textContent = text;
}

function tell() {
  const count = waiting().length;
  const waits = count === 1 ? texts.waits[0] : say(texts.waits[1], { n: count });
  if (out) return state("out", out);
  if (pause) return state("waits", [texts.offline, count ? waits : ""].join(" ").trim());
  return count ? state("waits", waits) : state("saved", texts.saved);
}

/** How things stand on this device: what the portal said, and the marks it has not heard yet. */
function standing(marks) {
  const here = new Map();
  for (const mark of marks) if (mark.registration) here.set(mark.registration, mark.is_present ? mark.marked_at : null);
  return (person) => (here.has(person.id) ? here.get(person.id) : person.at);
}

function drawCounts(at) {
  const groups = new Map([["", [0, 0]]]);
  for (const person of people.values()) {
    const here = at(person) !== null;
    if (!here && person.state !== "registered" && person.state !== "attended") continue;
    for (const group of ["", person.group]) {
      const count = groups.get(group) ?? [0, 0];
      groups.set(group, [count[0] + Number(here), count[1] + 1]);
    }
  }
  for (const box of document.querySelectorAll("#check-in-counts > [data-group]")) {
    const [present, expected] = groups.get(box.dataset.group) ?? [0, 0];
    box.querySelector("[data-present]").textContent = present;
    box.querySelector("[data-expected]").textContent = expected;
  }
}

function drawRow(person, at) {
  const row = $("row").content.firstElementChild.cloneNode(true);
  const here = at !== null;
  row.classList.toggle("cd-door__row--here", here);
  row.querySelector("[data-name]").textContent = person.name;
  row.querySelector("[data-cluster]").textContent = person.cluster;
  const group = person.group === "participant" ? "" : texts.groups[person.group];
  const other = person.state === "registered" || person.state === "attended" ? group : texts.states[person.state];
  row.querySelector("[data-state]").textContent = here ? say(texts.here, { time: clock(at) }) : other;
  const button = row.querySelector("button");
  button.classList.add(here ? "kern-btn--tertiary" : "kern-btn--primary");
  button.dataset.person = person.id;
  button.dataset.present = here ? "" : "1";
  const label = button.querySelector(".kern-label");
  label.textContent = here ? texts.undo : texts.checkIn;
  const name = document.createElement("span");
  name.className = "kern-sr-only";
  name.textContent = `: ${person.name}`;
  label.append(name);
  return row;
}

function matching() {
  const words = plain($("q").value).split(/\s+/).filter(Boolean);
  return [...people.values()].filter((person) => words.every((word) => person.words.includes(word)));
}

function draw() {
  if (!cursor) return;
  for (const person of people.values()) person.words ??= plain(`${person.name} ${person.cluster}`);
  const at = standing(waiting());
  const found = matching().sort((a, b) => a.name.localeCompare(b.name));
  const focused = document.activeElement?.dataset?.person;
  $("list").replaceChildren(...found.slice(0, SHOWN).map((person) => drawRow(person, at(person))));
  if (focused) $("list").querySelector(`[data-person="${focused}"]`)?.focus();
  const rest = found.length - SHOWN;
  $("more").textContent = found.length ? (rest > 0 ? say(texts.more, { n: rest }) : "") : texts.none;
  $("pages").hidden = true;
  drawCounts(at);
  tell();
}

/** Show a sentence that needs an answer, with the button that goes on all the same. */
function ask(text, go) {
  const box = document.createElement("div");
  box.className = "kern-alert kern-alert--warning cd-alert";
  box.innerHTML = '<div class="kern-alert__header"><span class="kern-icon kern-icon--warning" aria-hidden="true"></span><p class="kern-title cd-alert__title"></p></div><div class="kern-alert__body cd-row"></div>';
  box.querySelector("p").textContent = text;
  const buttons = [[texts.close, null], ...(go ? [[texts.admit, go]] : [])].reverse();
  for (const [label, action] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `kern-btn ${action ? "kern-btn--primary" : "kern-btn--tertiary"}`;
    button.innerHTML = '<span class="kern-label"></span>';
    button.firstElementChild.textContent = label;
    button.addEventListener("click", () => { box.remove(); action?.(); });
    box.querySelector(".kern-alert__body").append(button);
  }
  $("problems").append(box);
}

// --- marks -----------------------------------------------------------------------------------
function mark(person, isPresent, admit = false) {
  const holdsPlace = person.state === "registered" || person.state === "attended";
  if (isPresent && !holdsPlace && !admit) {
    return ask(say(texts.refused, { name: person.name, state: texts.states[person.state] }), () => mark(person, true, true));
  }
  keepMark({ id: uuid(), user: USER, registration: person.id, is_present: isPresent, admit, marked_at: seconds() });
  draw();
  return talk();
}

function take(answer) {
  if (answer.csrf) csrf = answer.csrf;
  for (const outcome of answer.outcomes ?? []) {
    dropMark(outcome.id);
    const person = people.get(outcome.registration);
    if (outcome.outcome === "refused" && person) ask(outcome.message, () => mark(person, true, true));
    else if (outcome.message) ask(outcome.message);
  }
  for (const outcome of answer.walk_ins ?? []) {
    dropMark(outcome.id);
    if (outcome.message) ask(outcome.message);
  }
  if (!cursor) people = new Map();
  for (const person of answer.people) {
    const gone = person.state === "cancelled" || person.state === "declined";
    if (gone) people.delete(person.id);
    else people.set(person.id, { key: people.get(person.id)?.key, ...person });
  }
  cursor = answer.cursor;
  keepList();
}

// --- network ---------------------------------------------------------------------------------
function request(marks) {
  const address = `${SYNC}?since=${encodeURIComponent(cursor)}`;
  if (!marks.length) return fetch(address, { headers: { Accept: "application/json" } });
  const body = {
    sent_at: seconds(),
    marks: marks.filter((one) => !one.walk_in).map(({ user, ...one }) => one),
    walk_ins: marks.filter((one) => one.walk_in).map((one) => ({ ...one.walk_in, id: one.id, marked_at: one.marked_at })),
  };
  return fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf }, body: JSON.stringify(body) });
}

async function exchange() {
  const marks = waiting().slice(0, 100);
  let response = await request(marks);
  if (response.status === 403 && marks.length) {
    // The form token is older than the session: ask for a new one, once.
    const fresh = await request([]);
    if (fresh.ok) { csrf = (await fresh.json()).csrf; response = await request(marks); }
  }
  if (response.status === 401 || response.status === 403 || response.status === 404) {
    forget();
    $("list").replaceChildren();
    out = texts.signedOut;
    return false;
  }
  if (response.status === 422) { out = (await response.json()).message; return false; }
  if (!response.ok) throw new Error(String(response.status));
  out = "";
  take(await response.json());
  return waiting().length > 0 && marks.length > 0;
}

async function talk() {
  if (busy) return;
  busy = true;
  clearTimeout(timer);
  try {
    let more = true;
    while (more) more = await exchange();
    pause = 0;
  } catch {
    pause = Math.min(LONGEST, Math.max(2000, pause * 2));
  }
  busy = false;
  draw();
  tell();
  timer = setTimeout(talk, pause || EVERY);
  if (!pause && waiting().length && !out) talk();
}

async function install() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register(WORKER, { scope: PAGE });
  const urls = performance.getEntriesByType("resource").map((entry) => entry.name).filter((url) => new URL(url).pathname.startsWith("/static/"));
  await navigator.serviceWorker.ready;
  registration.active?.postMessage({ keep: { urls: [PAGE, ...new Set(urls)], until: UNTIL } });
  navigator.serviceWorker.addEventListener("message", (event) => { if (event.data === "kept") root.dataset.kept = "1"; });
}

// --- camera ----------------------------------------------------------------------------------
let stream = null;

function closeCamera() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  $("camera").hidden = true;
  $("scan").focus();
}

function scanned(text) {
  const [, id, signature] = /\/ticket\/(\d+)\.([\w-]+)\//.exec(text) ?? [];
  const person = people.get(Number(id));
  if (!person || (person.key && !signature.startsWith(person.key))) return texts.notOnList;
  const at = standing(waiting())(person);
  if (at !== null) return say(texts.already, { name: person.name, time: clock(at) });
  mark(person, true);
  return say(texts.isHere, { name: person.name });
}

async function openCamera() {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  $("camera").hidden = false;
  $("scanned").textContent = texts.point;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch { $("scanned").textContent = texts.noCamera; return; }
  $("video").srcObject = stream;
  await $("video").play();
  let last = "";
  while (stream) {
    const codes = await detector.detect($("video")).catch(() => []);
    const text = codes[0]?.rawValue ?? "";
    // Not to be read again until another ticket is shown.
    if (text && text !== last) { $("scanned").textContent = scanned(text); last = text; }
    await new Promise((resolve) => { setTimeout(resolve, 250); });
  }
}

async function offerCamera() {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []) ?? [];
  if (!formats.includes("qr_code") || !navigator.mediaDevices) return;
  $("scan").hidden = false;
  $("hint").hidden = true;
}

// --- what people do --------------------------------------------------------------------------
$("list").addEventListener("click", (event) => {
  const button = event.target.closest("[data-person]");
  if (button) mark(people.get(Number(button.dataset.person)), button.dataset.present === "1");
});
$("q").addEventListener("input", draw);
$("q").form.addEventListener("submit", (event) => {
  if (!cursor) return;
  event.preventDefault();
  const found = matching();
  // The only one found is the one at the door.
  if ($("q").value && found.length === 1) $("list").querySelector("button").focus();
});
$("search").hidden = true;
$("scan").addEventListener("click", openCamera);
$("stop").addEventListener("click", closeCamera);
document.getElementById("walk-in-form").addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.reportValidity() || !form.elements.name.value.trim()) return;
  event.preventDefault();
  const given = Object.fromEntries(new FormData(form));
  delete given.csrfmiddlewaretoken;
  const entry = { id: uuid(), user: USER, walk_in: given, marked_at: seconds() };
  keepMark(entry);
  $("q").value = "";
  form.reset();
  form.closest("details").open = false;
  draw();
  talk();
});
$("forget").addEventListener("click", async () => {
  const count = waiting().length;
  if (count && !confirm(say(texts.forgetUnsent, { n: count }))) return;
  for (const one of waiting()) dropMark(one.id);
  forget();
  for (const worker of await navigator.serviceWorker?.getRegistrations() ?? []) if (worker.scope.endsWith(PAGE)) await worker.unregister();
  clearTimeout(timer);
  busy = true;
  $("list").replaceChildren();
  state("saved", texts.forgotten);
});
addEventListener("online", talk);
addEventListener("offline", () => { pause = 2000; tell(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) talk(); });

readList();
draw();
talk();
install().catch(() => {});
offerCamera();
