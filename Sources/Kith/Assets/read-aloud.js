// Reads the page to whoever asks, in the language of each part. Before it says aloud what is somebody's own, it warns.
"use strict";

const place = document.getElementById("read-aloud");
if (!("speechSynthesis" in window)) place.remove();
else {
  const [warning, line] = place.querySelectorAll("p");
  const button = line.querySelector("button");

  const stop = () => {
    speechSynthesis.cancel();
    button.textContent = place.dataset.read;
    button.removeAttribute("aria-pressed");
  };
  const read = () => {
    warning.hidden = true;
    line.hidden = false;
    button.focus();
    button.textContent = place.dataset.stop;
    button.setAttribute("aria-pressed", "true");
    const parts = [...document.querySelectorAll("main :is(h1, h2, h3, p, li, dt, dd, label, legend, summary, th, td, .button)")]
      .filter((part) => part.checkVisibility() && !part.querySelector("h1, h2, h3, p, li, dt, dd, label, td, .button"));
    for (const part of parts) {
      const words = new SpeechSynthesisUtterance(part.innerText);
      words.lang = part.closest("[lang]").lang;
      speechSynthesis.speak(words);
    }
    const last = new SpeechSynthesisUtterance("");
    last.onend = stop;
    speechSynthesis.speak(last);
  };
  button.addEventListener("click", () => {
    if (button.hasAttribute("aria-pressed")) return stop();
    if (!place.dataset.private) return read();
    warning.hidden = false;
    line.hidden = true;
    warning.querySelector("button").focus();
  });
  warning.querySelector("button").addEventListener("click", read);
  // A voice does not go on after its page.
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
