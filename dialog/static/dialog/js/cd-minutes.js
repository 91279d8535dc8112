// Minutes written by several people: what others do appears without touching what is being typed.
// Without this file the page works the same, and is fresh when it is loaded.

const list = document.getElementById("minutes-items");
const look = document.getElementById("minutes-look");

/** What the page knows of an item; nothing while it is being edited. */
function stampOf(line) {
  return line.querySelector("[data-stamp]")?.dataset.stamp;
}

function isTouched(line) {
  return line.querySelector("[data-cd-editing]") !== null;
}

/** Bring the list to what the server has, keeping lines that are open for editing. */
function merge(fresh) {
  const wanted = new Map([...fresh.children].map((line) => [line.id, line]));
  let news = false;
  for (const line of [...list.children]) {
    const now = wanted.get(line.id);
    if (isTouched(line)) {
      const notice = line.querySelector("[data-cd-notice]");
      const seen = line.querySelector("input[name=version]")?.value;
      if (notice && (!now || stampOf(now).split("-")[0] !== seen)) notice.hidden = false;
    } else if (!now) {
      line.remove();
      news = true;
    }
  }
  let place = list.firstElementChild;
  for (const [id, now] of wanted) {
    let line = document.getElementById(id);
    if (!line) {
      line = document.importNode(now, true);
      list.insertBefore(line, place);
      htmx.process(line);
      news = true;
    } else {
      if (!isTouched(line) && stampOf(line) !== stampOf(now)) {
        line.replaceChildren(...document.importNode(now, true).childNodes);
        htmx.process(line);
        news = true;
      }
      if (line === place) {
        place = place.nextElementSibling;
      } else if (line.contains(document.activeElement)) {
        // Moving it would take the focus away: its neighbours go round it instead.
        while (place && place !== line) {
          const next = place.nextElementSibling;
          list.append(place);
          place = next;
        }
        place = line.nextElementSibling;
      } else {
        list.insertBefore(line, place);
      }
    }
  }
  document.getElementById("minutes-none").hidden = list.children.length > 0;
  return news;
}

/** Say what others did, not what I did. */
let mine = false;
document.addEventListener("minutes-changed", () => { mine = true; });

look?.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  const fresh = new DOMParser()
    .parseFromString(event.detail.xhr.responseText, "text/html")
    .getElementById("minutes-items");
  if (!fresh) return;
  const news = document.getElementById("minutes-news");
  news.textContent = merge(fresh) && !mine ? news.dataset.one : "";
  mine = false;
});

document.addEventListener("htmx:afterSwap", (event) => {
  event.target.querySelector?.("form[data-cd-fresh] textarea[name=text]")?.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-cd-minutes-form]");
  if (form) {
    event.preventDefault();
    form.requestSubmit();
  }
});
