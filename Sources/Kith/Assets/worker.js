// Stands between the pages and the line, where somebody asked for it on the page about their device: without a line there
// is a page with the urgent numbers instead of nothing. It keeps no page that anybody has looked at.
"use strict";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const kept = (what) => caches.match(what, { ignoreSearch: true, ignoreVary: true });
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await kept("/offline")) ?? Response.error()));
  } else if (new URL(request.url).pathname.startsWith("/assets/")) {
    event.respondWith(kept(request).then((found) => found ?? fetch(request)));
  }
});
