// Small conveniences. Every page works without this file.

/** Move the focus to what needs attention: an error summary that came with the page or a swap. */
function focusNotice(root) {
  const notice = root.querySelector("[data-cd-focus]");
  if (notice) notice.focus();
}

/** Copy the text of the field a button names; the button says that it worked. */
async function copy(button) {
  const source = document.getElementById(button.dataset.cdCopy);
  if (!source) return;
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  const label = button.querySelector(".kern-label") ?? button;
  label.textContent = button.dataset.cdCopied ?? "✓";
}

/** Warn before a page with unsaved entries is left; forms ask for it with data-cd-unsaved. */
let unsaved = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-cd-unsaved]")) unsaved = true;
});
document.addEventListener("submit", () => { unsaved = false; });
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-cd-copy]");
  if (button) copy(button);
  const fill = event.target.closest("[data-cd-fill]");
  if (fill) {
    const field = document.getElementById(fill.dataset.cdFill);
    field.value = fill.dataset.cdValue;
    (field.form.querySelector("input[type=password]") ?? field).focus();
  }
  if (event.target.closest("[data-cd-print]")) window.print();
});

// A filter form sends itself when a choice changes; its button stays for those without script.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-cd-autosubmit]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
});

/** Check-in keeps names on the device: they go once their event is over. */
function forgetOldLists() {
  for (const key of Object.keys(localStorage)) {
    const [, slug] = /^cd-check-in\.([\w-]+)\.list$/.exec(key) ?? [];
    if (!slug || JSON.parse(localStorage.getItem(key)).until * 1000 > Date.now()) continue;
    localStorage.removeItem(key);
    globalThis.caches?.delete(`cd-check-in-${slug}`);
  }
}

document.documentElement.classList.add("cd-js");
forgetOldLists();
document.addEventListener("htmx:afterSwap", (event) => focusNotice(event.target));
focusNotice(document);
