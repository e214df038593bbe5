// Where a quiet session ends by itself: says so in time, and keeps it open while somebody types or reads.
"use strict";

const notice = document.getElementById("idle");
const [warning, ending] = notice.querySelectorAll("p");
const length = Number(notice.dataset.minutes) * 60_000;
const lead = Math.min(120_000, length / 3); // so long before the end it is said
const token = document.querySelector("form.sign-out input[name=form-token]").value;
// In sight wherever somebody is on the page.
Object.assign(notice.style, { position: "sticky", insetBlockStart: 0, zIndex: 2 });
// Other pages of this session, open beside this one.
const pages = new BroadcastChannel("presence");

let told = Date.now(); // when the server last heard of somebody here
let acted = told; // when somebody last did something

const hear = (when) => {
  told = Math.max(told, when);
  notice.hidden = true;
};
pages.addEventListener("message", (event) => hear(event.data));
pages.postMessage(told);

let asking = false;

async function stay() {
  if (asking) return;
  asking = true;
  const when = Date.now();
  const answer = await fetch("/presence", {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ "form-token": token }),
  }).catch(() => null);
  asking = false;
  if (!answer?.ok) return;
  hear(when);
  pages.postMessage(when);
}

function look() {
  const quiet = Date.now() - told;
  if (quiet >= length) {
    warning.hidden = true;
    ending.hidden = notice.hidden = false;
  } else if (acted > told && quiet > Math.min(60_000, length / 5)) {
    stay();
  } else if (quiet >= length - lead) {
    ending.hidden = true;
    warning.hidden = notice.hidden = false;
  }
}

for (const kind of ["input", "keydown", "pointerdown"]) {
  addEventListener(kind, () => { acted = Date.now(); }, { capture: true, passive: true });
}
notice.querySelector("button").addEventListener("click", stay);
document.addEventListener("visibilitychange", look);
setInterval(look, 5_000);
