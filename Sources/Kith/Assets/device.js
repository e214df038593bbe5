// The page about this device: keeps the numbers here, or takes everything away again. Only when somebody presses.
"use strict";

const card = document.getElementById("device");
const [keep, forget] = card.querySelectorAll("button");
const policy = window.trustedTypes?.createPolicy("worker", { createScriptURL: () => "/worker.js" });

const show = async (isFresh) => {
  const isKept = Boolean(await navigator.serviceWorker.getRegistration());
  keep.hidden = isKept;
  forget.hidden = !isKept;
  card.querySelector("[role=status]").textContent = card.dataset[isKept ? "on" : isFresh ? "off" : "none"];
};

if (navigator.serviceWorker && window.caches) {
  keep.addEventListener("click", async () => {
    try {
      await (await caches.open("kept")).addAll(card.dataset.kept.split(" "));
      await navigator.serviceWorker.register(policy?.createScriptURL("") ?? "/worker.js");
      await navigator.serviceWorker.ready;
      await show(true);
    } catch {
      card.querySelector("[role=status]").textContent = card.dataset.failed;
    }
  });
  forget.addEventListener("click", async () => {
    for (const name of await caches.keys()) await caches.delete(name);
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
    await show(true);
  });
  show(false);
} else {
  keep.hidden = true;
  card.querySelector("[role=status]").textContent = card.dataset.failed;
}
