// The room of a meeting. Pictures and voices go from browser to browser; the server says who is there, carries what
// browsers need to find each other, and decides who may be in. What people type goes into the page as text only.

const $ = (selector, within = document) => within.querySelector(selector);
const room = $("#room");
const words = room.dataset;
const leads = words.leads === "true";
const token = $("form.sign-out [name=form-token]").value;
const parts = ["door", "waiting", "inside", "over"].map((id) => $(`#${id}`));

let stay = null; // my place in the room, once I have come
let source = null;
let beat = null;
let heard = 0; // the last signal that has come
let isCut = false;
let servers = null;
let people = new Map(); // who is in, by place
let guests = new Set(); // who was at the door
const peers = new Map();
const states = new Map(); // what others said of their microphone and camera
const tiles = new Map();
const mine = { audio: null, video: null }; // my tracks
let wish = 0; // counts what I chose: a camera that answers later than that stays off

const fill = (text, values) => text.replace(/%(\w+)%/g, (_, name) => values[name] ?? "");
const say = (text) => { $("#said").textContent = text; };
const clone = (id) => $(`template#${id}`).content.firstElementChild.cloneNode(true);
const post = (path, fields = {}, options = {}) => fetch(words.path + path, {
  method: "POST", headers: { Accept: "application/json" },
  body: new URLSearchParams({ "form-token": token, ...fields }), ...options,
});

function show(id) {
  for (const part of parts) part.hidden = part.id !== id;
  $("#address").hidden = id === "waiting" || id === "inside";
  $("h2", $(`#${id}`)).focus();
}

// What is done in the room by whoever leads; a refusal is said in words.
async function act(path, fields) {
  try {
    const answer = await post(path, fields);
    if (!answer.ok) say((await answer.json()).text ?? words.failed);
  } catch { say(words.failed); }
}

// My camera and microphone

async function take(kinds) {
  const mark = wish;
  const video = kinds.video && { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 20, max: 24 } };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: kinds.audio ?? false, video: video ?? false });
  if (mark !== wish) {
    for (const track of stream.getTracks()) track.stop();
    return;
  }
  for (const track of stream.getTracks()) {
    mine[track.kind]?.stop();
    mine[track.kind] = track;
    // Somebody pulled the plug, or took the permission back.
    track.addEventListener("ended", () => { if (mine[track.kind] === track) drop(track.kind); });
  }
}

function drop(kind) {
  mine[kind]?.stop();
  mine[kind] = null;
  if (stay) tell();
}

const trouble = (error) => (error?.name === "NotFoundError" ? words.missing : words.denied);
const isOn = (kind) => Boolean(mine[kind]?.enabled);

// Turns my microphone or camera on or off. A camera that is off is let go, so that its light goes out.
async function turn(kind, on) {
  try {
    if (on && !mine[kind]) await take({ [kind]: true });
    else if (kind === "video" && !on) drop(kind);
    else if (mine[kind]) mine[kind].enabled = on;
  } catch (error) { say(trouble(error)); }
  tell();
}

// Shows all of them, and me, how things are with me.
function tell() {
  for (const peer of peers.values()) {
    for (const kind of ["audio", "video"]) peer.show(kind, mine[kind]);
    peer.say({ state: myState() });
  }
  draw();
}

const myState = () => ({ audio: isOn("audio"), video: isOn("video") });

// At the door

let meter = null;

function hear(track) {
  meter?.close();
  meter = null;
  const line = $("#heard");
  line.hidden = !track;
  if (!track) return;
  const context = meter = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  line.textContent = words.silent;
  const look = () => {
    if (meter !== context) return;
    analyser.getFloatTimeDomainData(samples);
    if (samples.some((sample) => Math.abs(sample) > 0.02)) line.textContent = words.hears;
    else setTimeout(look, 200);
  };
  look();
}

async function choose() {
  const way = $("[name=way]:checked", room)?.value;
  const mark = ++wish;
  $("#trouble").hidden = true;
  for (const kind of ["audio", "video"]) drop(kind);
  try {
    if (way !== "listen") await take({ audio: true, video: way === "camera" });
  } catch (error) {
    if (mark !== wish) return;
    $("#trouble").textContent = trouble(error);
    $("#trouble").hidden = false;
  }
  if (mark !== wish) return;
  $("#preview").hidden = !mine.video;
  $("#preview video").srcObject = mine.video && new MediaStream([mine.video]);
  hear(mine.audio);
}

async function come() {
  const mark = crypto.randomUUID();
  const answer = await post("", { stay: mark });
  if (answer.status === 404) return finish("removed");
  if (!answer.ok) return finish("lost", (await answer.json()).text);
  hear(null);
  stay = mark;
  heard = 0;
  people = new Map();
  show("waiting");
  listen();
  beat = setInterval(pulse, Number(words.pulse));
}

// The server believes that I am gone, as after a phone has slept: I come once more, as I was.
function again() {
  part();
  come().catch(() => finish("lost"));
}

async function pulse() {
  // Whoever is in a meeting is there, though they touch nothing.
  if (!$("#inside").hidden) dispatchEvent(new Event("input"));
  const answer = await post("/pulse", { stay }).catch(() => null);
  if (!stay || !answer) return;
  // Only the stream knows why I have no place any more, and says so first; one that is refused says that I am out.
  if ([401, 403, 404].includes(answer.status)) {
    if (source?.readyState === EventSource.CLOSED) finish("removed");
    else listen();
  } else if (source?.readyState === EventSource.CLOSED) listen();
}

// What the server says

function listen() {
  source?.close();
  const stream = source = new EventSource(`${words.path}/events?stay=${stay}&after=${heard}`);
  const on = (name, what) => stream.addEventListener(name, (event) => {
    if (event.lastEventId) heard = Number(event.lastEventId);
    if (stream === source) what(JSON.parse(event.data));
  });
  on("servers", (given) => { servers = given; });
  on("room", meet);
  on("signal", ({ from, text }) => {
    for (const message of JSON.parse(text)) peers.get(from)?.receive(message);
  });
  on("mute", ({ from }) => {
    if (!isOn("audio")) return;
    turn("audio", false);
    say(fill(words.asked, { name: people.get(from)?.name ?? "" }));
  });
  on("over", ({ reason }) => (reason === "lost" ? again() : finish(reason)));
  stream.addEventListener("open", () => { if (isCut) say(words.back); isCut = false; });
  stream.addEventListener("error", () => {
    if (!isCut) say(words.lost);
    isCut = true;
    if (stream.readyState === EventSource.CLOSED) pulse();
  });
}

// Who is there now.
function meet({ isIn, people: all, waiting, letsIn }) {
  if (!isIn) return;
  const before = people;
  people = new Map(all.map((person) => [person.id, person]));
  if ($("#inside").hidden) {
    show("inside");
    say("");
  } else {
    for (const person of all) if (!before.has(person.id) && person.id !== stay) say(fill(words.came, person));
    for (const person of before.values()) if (!people.has(person.id)) say(fill(words.went, person));
  }
  for (const id of peers.keys()) if (!people.has(id)) forget(id);
  for (const id of people.keys()) if (id !== stay && !peers.has(id)) reach(id);
  for (const peer of peers.values()) peer.limit(limit());
  if (leads) receive(waiting, letsIn);
  draw();
}

const limit = () => Math.max(150000, Math.round(1500000 / Math.max(1, peers.size)));

function receive(waiting, letsIn) {
  for (const guest of waiting) if (!guests.has(guest.id)) say(fill(words.knocks, guest));
  const before = guests;
  guests = new Set(waiting.map((guest) => guest.id));
  $("#knocking").hidden = !waiting.length;
  // Lines that stay keep their buttons, and the focus in them.
  for (const line of [...$("#guests").children]) if (!guests.has(line.dataset.id)) line.remove();
  $("#guests").append(...waiting.filter((guest) => !before.has(guest.id)).map((guest) => {
    const item = clone("guest");
    item.dataset.id = guest.id;
    $(".person", item).textContent = guest.name;
    for (const name of item.querySelectorAll(".unseen")) name.textContent = `: ${guest.name}`;
    $("[data-admit]", item).addEventListener("click", () => act("/admissions", { stay: guest.id }));
    $("[data-remove]", item).addEventListener("click", () => act("/removals", { stay: guest.id }));
    return item;
  }));
  const door = $("#open-door");
  door.textContent = letsIn ? door.dataset.close : door.dataset.open;
  door.value = letsIn ? "no" : "yes";
}

// The others

function reach(id) {
  const peer = new Peer({
    servers, polite: stay < id, send: sender(id), changed: draw,
    greet: () => ({ state: myState() }),
    heard: ({ state, caption }) => {
      if (state) states.set(id, { audio: state.audio === true, video: state.video === true });
      if (caption) read(people.get(id)?.name ?? "", String(caption.text).slice(0, 300), caption.done === true);
      draw();
    },
  });
  peers.set(id, peer);
  for (const kind of ["audio", "video"]) peer.show(kind, mine[kind]);
}

function forget(id) {
  peers.get(id)?.close();
  for (const map of [peers, states]) map.delete(id);
  tiles.get(id)?.remove();
  tiles.delete(id);
}

// Brings messages to one of them in order, as many at once as there are; again where the network fails.
function sender(to) {
  let queue = [];
  let busy = false;
  return async (message) => {
    queue.push(message);
    if (busy) return;
    busy = true;
    await new Promise((resolve) => { setTimeout(resolve, 30); });
    while (queue.length && stay && people.has(to)) {
      const bunch = queue;
      queue = [];
      const answer = await post("/signals", { stay, to, text: JSON.stringify(bunch) }).catch(() => null);
      if (answer && (answer.ok || ![408, 429, 500, 502, 503, 504].includes(answer.status))) continue;
      queue = [...bunch, ...queue];
      await new Promise((resolve) => { setTimeout(resolve, 1000); });
    }
    busy = false;
  };
}

// The page

function tile(id) {
  let item = tiles.get(id);
  if (item) return item;
  item = clone("tile");
  tiles.set(id, item);
  const video = $("video", item);
  video.setAttribute("aria-label", people.get(id).name);
  if (id === stay) {
    video.muted = true;
    item.classList.add("mine");
  } else video.srcObject = peers.get(id).stream;
  $("#tiles").append(item);
  return item;
}

function draw() {
  if (!stay || $("#inside").hidden) return;
  for (const [id, person] of people) {
    const state = id === stay ? myState() : states.get(id);
    const item = tile(id);
    const video = $("video", item);
    if (id === stay && video.srcObject?.getTracks()[0] !== (mine.video ?? undefined)) {
      video.srcObject = mine.video && new MediaStream([mine.video]);
    }
    item.classList.toggle("dark", !state?.video);
    $(".person", item).textContent = id === stay ? fill(words.you, person) : person.name;
    const isThere = id === stay || peers.get(id)?.isConnected;
    const text = !isThere ? words.connecting : state?.audio ? "" : words.silenced;
    const line = $("[data-state]", item);
    if (line.textContent !== text) line.textContent = text;
  }
  for (const id of [...tiles.keys()]) if (!people.has(id)) forget(id);
  $("#tiles").dataset.count = people.size;
  list();
  for (const [id, kind] of [["microphone", "audio"], ["camera", "video"]]) {
    const text = words[`${id}${isOn(kind) ? "Off" : "On"}`];
    if ($(`#${id}`).textContent !== text) $(`#${id}`).textContent = text;
  }
}

// Everybody by name, with what whoever leads can do. A line that stays keeps its buttons, and the focus in them.
function list() {
  const place = $("#people");
  for (const line of [...place.children]) if (!people.has(line.dataset.id)) line.remove();
  for (const [id, person] of people) {
    let line = [...place.children].find((other) => other.dataset.id === id);
    if (!line) {
      line = clone("person");
      line.dataset.id = id;
      $(".person", line).textContent = id === stay ? fill(words.you, person) : person.name;
      if (!person.leads) $(".tag", line).remove();
      const acts = $("[data-acts]", line);
      if (acts && id === stay) acts.remove();
      else if (acts) {
        for (const name of acts.querySelectorAll(".unseen")) name.textContent = `: ${person.name}`;
        $("[data-mute]", acts).addEventListener("click", () => {
          act("/mutes", { stay: id });
          say(fill(words.muted, person));
        });
        if (person.leads) $("[data-remove]", acts).remove();
        else $("[data-remove]", acts).addEventListener("click", () => act("/removals", { stay: id }));
      }
      place.append(line);
    }
    const state = id === stay ? myState() : states.get(id);
    $("[data-state]", line).textContent = state && !state.audio ? words.silenced : "";
  }
}

// Captions: the line as it is being typed, and those that are done.
function read(name, text, isDone) {
  const line = `${name}: ${text}`;
  $("#typing").textContent = isDone || !text ? "" : line;
  if (!isDone || !text.trim()) return;
  const item = document.createElement("p");
  item.dir = "auto";
  item.textContent = line;
  $("#captions").append(item);
  while ($("#captions").children.length > 30) $("#captions").firstChild.remove();
  $("#captions").scrollTop = $("#captions").scrollHeight;
}

function caption(text, done) {
  for (const peer of peers.values()) peer.say({ caption: { text, done } });
}

// The end, for me
function part() {
  guests = new Set();
  $("#guests")?.replaceChildren();
  for (const id of [...peers.keys(), ...tiles.keys()]) forget(id);
  stay = null;
  source?.close();
  clearInterval(beat);
}

function finish(reason, text) {
  wish += 1;
  hear(null);
  part();
  for (const kind of ["audio", "video"]) drop(kind);
  $("#preview video").srcObject = null;
  for (const id of ["people", "tiles", "captions"]) $(`#${id}`).replaceChildren();
  say("");
  $("#over h2").textContent = text ?? words[`over${reason[0].toUpperCase()}${reason.slice(1)}`];
  show("over");
}

// Nobody sees or hears me any more, whatever the network does.
function leave() {
  const gone = stay;
  finish("left");
  if (gone) post("/leaving", { stay: gone }, { keepalive: true }).catch(() => {});
}

// What people press

$("#door").addEventListener("change", choose);
$("#door").addEventListener("submit", (event) => {
  event.preventDefault();
  if ($("[name=way]:checked", room)) return come().catch(() => finish("lost"));
  $("#trouble").textContent = words.choose;
  $("#trouble").hidden = false;
});
for (const button of room.querySelectorAll("[data-leave]")) button.addEventListener("click", leave);
$("#again").addEventListener("click", () => location.reload());
$("#microphone").addEventListener("click", () => turn("audio", !isOn("audio")));
$("#camera").addEventListener("click", () => turn("video", !isOn("video")));
$("#words").addEventListener("input", ({ target }) => caption(target.value, false));
$("#caption").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("#words").value.trim();
  if (!text) return;
  caption(text, true);
  read(people.get(stay)?.name ?? "", text, true);
  $("#words").value = "";
});
if (leads) {
  $("#admit-all").addEventListener("click", () => act("/admissions", { all: "yes" }));
  $("#open-door").addEventListener("click", ({ target }) => act("/door", { open: target.value }));
  $("#end").addEventListener("click", () => act("/ending"));
}
addEventListener("online", () => { for (const peer of peers.values()) peer.restart(); });
addEventListener("pagehide", () => {
  if (stay) navigator.sendBeacon(`${words.path}/leaving`, new URLSearchParams({ "form-token": token, stay }));
});

if (window.RTCPeerConnection && navigator.mediaDevices) $("#door").hidden = false;
else $("#cannot").hidden = false;
