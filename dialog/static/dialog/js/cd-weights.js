// The form of weights: a slider beside each number, and the sum while one types.

const form = document.querySelector("[data-cd-weights]");

function read(text) {
  const number = Number(text.trim().replace(",", "."));
  return text.trim() && Number.isFinite(number) && number >= 0 ? Math.round(number * 1000) : NaN;
}

function write(thousandths) {
  return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 3 }).format(
    thousandths / 1000,
  );
}

if (form) {
  const sum = form.querySelector("[data-cd-sum]");
  const fields = [...form.querySelectorAll("[data-cd-weight]")].map((box) => {
    const number = box.querySelector("input");
    const range = document.createElement("input");
    range.type = "range";
    range.min = "0";
    range.max = "1";
    range.step = "0.01";
    range.setAttribute("aria-label", box.querySelector("label").textContent.trim());
    box.append(range);
    range.addEventListener("input", () => {
      number.value = write(Math.round(Number(range.value) * 1000));
      show();
    });
    number.addEventListener("input", show);
    return { number, range };
  });

  function show() {
    let total = 0;
    for (const { number, range } of fields) {
      const value = read(number.value);
      total += value;
      if (!Number.isNaN(value)) range.value = String(value / 1000);
    }
    if (Number.isNaN(total)) return;
    sum.dataset.cdIs = total === 1000 ? "good" : "bad";
    const text = total === 1000 ? sum.dataset.cdSumGood : sum.dataset.cdSumBad;
    const shown = text.replace("{sum}", write(total));
    if (sum.textContent !== shown) sum.textContent = shown;
  }

  show();
}
