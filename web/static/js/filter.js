// <input data-filter="#list">: hides the rows that do not hold what is typed, marks or no marks.
import { fold } from "./fold.js";
import { say } from "./words.js";

export function startFilters() {
  for (const input of document.querySelectorAll("input[data-filter]")) {
    input.addEventListener("input", () => filter(input));
    if (input.form?.method === "post") input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    if (input.value) filter(input);
  }
}

function filter(input) {
  const list = document.querySelector(input.dataset.filter);
  const wanted = fold(input.value).split(" ");
  const rows = [...(list?.querySelectorAll(":scope > tbody > tr, :scope > tr, :scope > li, :scope > [data-find]") ?? [])];
  for (const row of rows) {
    const text = fold(row.dataset.find ?? row.textContent);
    row.hidden = !wanted.every((word) => text.includes(word));
  }
  for (const slot of document.querySelectorAll(`[data-filter-count="${input.dataset.filter}"]`)) {
    slot.textContent = say("left", { shown: rows.filter((row) => !row.hidden).length, all: rows.length });
  }
}
