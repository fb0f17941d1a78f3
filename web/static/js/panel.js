// <table data-grid data-panel="address with HANG">: the documents of the row one works in stand beside the grid, fetched when one rests there.
// In a points field, N goes to the comment and M to the documents.
import { fieldsOf, isChanged } from "./fields.js";
import { read } from "./page.js";

const REST = 250;
const wide = window.matchMedia("(min-width: 901px)");

for (const grid of document.querySelectorAll("[data-grid][data-panel]")) {
  let timer = 0;
  grid.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-row]");
    window.clearTimeout(timer);
    if (row && wide.matches) timer = window.setTimeout(() => show(grid, row.dataset.row), REST);
  });
  grid.addEventListener("keydown", onKey);
}

const slot = () => document.querySelector("[data-panel-slot]");

// On a narrow page the panel stands below the whole table: a row that was chosen brings it into view, its cross leads back to the row.
if (!wide.matches && document.querySelector("tr.here[data-row]") && !document.querySelector("#errors")) slot() && location.replace(`#${slot().id}`);

/** Somebody is writing in the panel: it stays. */
const isBusy = (panel) => panel.contains(document.activeElement) || [...panel.querySelectorAll("form")].some((form) => fieldsOf(form).some(isChanged));

async function show(grid, key) {
  if (!slot() || slot().id === `canh-${key}` || isBusy(slot())) return;
  const [address] = grid.dataset.panel.replace("HANG", encodeURIComponent(key)).split("#");
  let answer;
  try {
    answer = await fetch(address, { headers: { Accept: "text/html", "X-Requested-With": "fetch" }, credentials: "same-origin" });
  } catch {
    return; // the panel is a comfort: the grid goes on without it
  }
  if (!answer.ok) return;
  const fresh = read(await answer.text()).querySelector("[data-panel-slot]");
  if (!fresh || isBusy(slot()) || document.activeElement.closest("tr[data-row]")?.dataset.row !== key) return;
  slot().replaceWith(document.adoptNode(fresh));
  for (const row of grid.querySelectorAll("tr.here")) row.classList.remove("here");
  grid.querySelector(`tr[data-row="${CSS.escape(key)}"]`)?.classList.add("here");
}

function onKey(event) {
  if (event.target.name !== "points" || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const row = event.target.closest("tr");
  const target = { n: row.querySelector('[name="reason"]'), m: slot()?.querySelector(".evidence a") }[event.key.toLowerCase()];
  if (!target) return;
  event.preventDefault();
  target.focus();
}
