// Ranking workshops: the numbers keep themselves in order, and buttons move a wish up or down.
// Without this file each select is filled in by hand.

const form = document.querySelector("[data-cd-wishes]");
if (form) {
  const list = form.querySelector(".cd-wishes");
  const status = form.querySelector("[data-cd-wish-status]");
  const items = [...list.querySelectorAll("[data-cd-wish]")];
  const programme = items.map((item) => item.querySelector("select").name).sort();
  const select = (item) => item.querySelector("select");
  const rank = (item) => Number(select(item).value) || 0;
  const wished = () => items.filter(rank).sort((a, b) => rank(a) - rank(b));

  /** Write ranks 1, 2, 3 … and show the wishes first, the rest in its usual order. */
  function show(wishes, focus) {
    const rest = items.filter((item) => !wishes.includes(item))
      .sort((a, b) => programme.indexOf(select(a).name) - programme.indexOf(select(b).name));
    wishes.forEach((item, index) => { select(item).value = String(index + 1); });
    rest.forEach((item) => { select(item).value = ""; });
    for (const item of [...wishes, ...rest]) {
      list.append(item);
      const at = wishes.indexOf(item);
      item.classList.toggle("cd-wish--chosen", at >= 0);
      item.querySelector("[data-cd-wish-move=up]").disabled = at === 0;
      item.querySelector("[data-cd-wish-move=down]").disabled = at < 0;
    }
    if (focus?.disabled) focus = focus.parentElement.querySelector("button:not([disabled])");
    focus?.focus();
  }

  function say(item) {
    const at = rank(item);
    const words = at ? form.dataset.moved : form.dataset.removed;
    status.textContent = words.replace("{title}", item.dataset.title).replace("{rank}", String(at));
  }

  form.addEventListener("change", (event) => {
    const item = event.target.closest("[data-cd-wish]");
    if (!item) return;
    const at = rank(item);
    const wishes = wished().filter((other) => other !== item);
    if (at) wishes.splice(at - 1, 0, item);
    show(wishes, event.target);
    say(item);
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-cd-wish-move]");
    if (!button) return;
    const item = button.closest("[data-cd-wish]");
    const wishes = wished();
    const at = wishes.indexOf(item);
    if (button.dataset.cdWishMove === "up") {
      // What was no wish becomes the last one.
      if (at < 0) wishes.push(item);
      else if (at > 0) wishes.splice(at - 1, 2, item, wishes[at - 1]);
    } else if (at === wishes.length - 1) {
      // Down from the last place: no wish any more.
      wishes.pop();
    } else if (at >= 0) {
      wishes.splice(at, 2, wishes[at + 1], item);
    }
    show(wishes, button);
    say(item);
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });

  for (const moves of form.querySelectorAll("[data-cd-wish-moves]")) moves.hidden = false;
  // Two equal ranks, sent without this file and refused, stay as they were entered.
  if (!form.querySelector("[aria-invalid]")) show(wished());
}
