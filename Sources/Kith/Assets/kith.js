// Everything works without this file; it makes a few things better and keeps nothing
// but what somebody asked it to.
"use strict";

// Leaving quickly: the link, or Shift three times in a row. The page is blanked at once and replaced in the history, by
// way of the address that ends the session, so that Back finds nothing open. Where nobody answers there, away it is.
const exit = document.querySelector("a.exit");
if (exit) {
  const leave = (event) => {
    event.preventDefault();
    document.body.hidden = true;
    document.title = "\u200e";
    window.caches?.delete("own");
    location.replace(exit.href);
    setTimeout(() => location.replace(exit.dataset.away), 800);
  };
  exit.addEventListener("click", leave);

  let presses = 0;
  let last = 0;
  addEventListener("keydown", (event) => {
    if (event.repeat) return;
    presses = event.key !== "Shift" ? 0 : event.timeStamp - last < 2000 ? presses + 1 : 1;
    last = event.timeStamp;
    if (presses === 3) leave(event);
  });

  // A page the browser kept whole is asked for again, and does not show before.
  addEventListener("pagehide", () => { document.body.hidden = true; });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

// What is wrong with a form comes first, also where the autofocus attribute is not known on such an element.
requestAnimationFrame(() => document.querySelector(".error-summary:not(:focus)")?.focus());

// A password can be looked at while it is typed.
for (const button of document.querySelectorAll("button.reveal")) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  const hide = () => {
    input.type = "password";
    button.setAttribute("aria-pressed", "false");
  };
  button.addEventListener("click", () => {
    if (input.type === "text") return hide();
    input.type = "text";
    button.setAttribute("aria-pressed", "true");
  });
  // Sent as what it is, so that browsers do not remember it as text.
  input.form?.addEventListener("submit", hide);
}

// Where somebody asked that their device keeps something for times without a line (see worker.js): when they meet next,
// and what they write while there is none. It goes with signing out.
if (navigator.serviceWorker?.controller) {
  const keep = async (name, text) => {
    const own = await caches.open("own");
    await (text ? own.put(`/offline/${name}`, new Response(text)) : own.delete(`/offline/${name}`));
  };
  if (location.pathname === "/home") keep("next", document.querySelector("[data-next]")?.dataset.next);
  addEventListener("input", (event) => {
    if (!navigator.onLine && event.target.matches("textarea")) keep("words", event.target.value);
  });
  for (const form of document.querySelectorAll("form.sign-out")) {
    form.addEventListener("submit", () => caches.delete("own"));
  }
}
