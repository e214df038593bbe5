// How long there is still, for a meeting that runs. Without it, the page says when it ends.
"use strict";

const left = document.getElementById("left");
const ends = Number(left.dataset.ends);

const tell = () => {
  const minutes = Math.round((ends - Date.now()) / 60_000);
  const text = minutes < 0 ? left.dataset.over : left.dataset.left;
  left.textContent = text.replace("%", Math.abs(minutes));
  left.hidden = false;
};
tell();
setInterval(tell, 10_000);
