// Without a line: when somebody meets next, and what they wrote that could not be sent. See kith.js, which keeps both.
"use strict";

(async () => {
  const own = await caches.open("own");
  const read = async (name) => (await own.match(`/offline/${name}`))?.text();
  const show = (id, text) => {
    const section = document.getElementById(id);
    section.querySelector("[data-text]").textContent = text;
    section.hidden = false;
  };
  const next = new Date((await read("next")) ?? NaN);
  if (next > Date.now()) {
    const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeStyle: "short" });
    show("next", form.format(next));
  }
  const words = await read("words");
  if (words) show("words", words);
  document.querySelector("#words button").addEventListener("click", async () => {
    await own.delete("/offline/words");
    document.getElementById("words").hidden = true;
  });
  document.getElementById("again").hidden = false;
  document.getElementById("again").addEventListener("click", () => location.reload());
})();
