// Long lists of checkboxes: a field that narrows them down, and a count that follows the ticks.

function fold(text) {
  return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
}

for (const box of document.querySelectorAll("[data-cd-terms]")) {
  const options = [...box.querySelectorAll(".kern-form-check")];
  const groups = [...box.querySelectorAll(".cd-options__group")];
  const count = box.querySelector("[data-cd-terms-count]");
  box.addEventListener("change", () => {
    count.textContent = String(box.querySelectorAll("input[type=checkbox]:checked").length);
  });
  const filter = box.querySelector("[data-cd-terms-filter]");
  if (options.length < 8) continue;
  filter.hidden = false;
  const field = filter.querySelector("input");
  field.addEventListener("input", (event) => {
    event.stopPropagation();
    const wanted = fold(field.value.trim());
    for (const option of options) option.hidden = !fold(option.textContent).includes(wanted);
    for (const group of groups) {
      group.hidden = ![...group.querySelectorAll(".kern-form-check")].some((o) => !o.hidden);
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
