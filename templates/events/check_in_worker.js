// Opens the check-in page of one event without network. It sees no other page of the portal.
const KEPT = "cd-check-in-{{ event.slug|escapejs }}";
const PAGE = new URL("./", self.location).pathname;
const UNTIL = `${PAGE}until`;
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Keep what the page is made of, until the moment it names. */
async function keep({ urls, until }) {
  const kept = await caches.open(KEPT);
  await kept.put(UNTIL, new Response(String(until)));
  await Promise.allSettled(urls.map((url) => kept.add(url)));
}

async function expired(kept) {
  const until = await kept.match(UNTIL);
  return !until || Number(await until.text()) * 1000 < Date.now();
}

self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keep(event.data.keep).then(() => event.source?.postMessage("kept")));
  if (event.data.forget) event.waitUntil(caches.delete(KEPT));
});

/** Ask the network first, but not for longer than people at a door wait. */
async function answer(request, key) {
  const slow = new Promise((_, reject) => { setTimeout(() => reject(new Error("slow")), PATIENCE); });
  const asked = fetch(request);
  asked.catch(() => {});
  try {
    const fresh = await Promise.race([asked, slow]);
    const kept = await caches.open(KEPT);
    if (fresh.ok && !fresh.redirected && await kept.match(UNTIL)) await kept.put(key, fresh.clone());
    // Signed out, or not allowed any more: the names go.
    else if (request.mode === "navigate" && fresh.status < 500) await caches.delete(KEPT);
    return fresh;
  } catch (error) {
    const kept = await caches.open(KEPT);
    if (await expired(kept)) { await caches.delete(KEPT); return asked; }
    return (await kept.match(key)) ?? asked;
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === PAGE) event.respondWith(answer(event.request, PAGE));
  else if (url.pathname.startsWith("/static/")) event.respondWith(answer(event.request, url.href));
});
