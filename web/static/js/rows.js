// Grids: <table data-grid>, a <form data-row-save> for each row (its fields name it by form="…"). Enter saves and goes on, arrows move,
// "=" takes the self-score (data-self on the row), Escape brings back what was saved; a column pasted from a sheet fills downwards.
import { bringBack, forgetDraft } from "./drafts.js";
import { savedValueOf, setValue } from "./fields.js";
import { refusals } from "./page.js";
import { Saver } from "./saver.js";

const savers = new WeakMap();
const TYPED = "input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, textarea";

export function startRows() {
  for (const form of document.querySelectorAll("form[data-row-save]")) {
    const saver = saverOf(form);
    if (bringBack(form).back.length) saver.touch(600);
  }
  for (const grid of document.querySelectorAll("[data-grid]")) {
    grid.addEventListener("keydown", onKey);
    grid.addEventListener("paste", onPaste);
    grid.addEventListener("change", (event) => saverOf(event.target.form)?.touch(50));
    grid.addEventListener("input", (event) => saverOf(event.target.form)?.touch(5000));
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-row-save]")) return;
    event.preventDefault();
    saverOf(event.target).save();
  });
}

function saverOf(form) {
  if (!form?.matches("[data-row-save]")) return null;
  if (!savers.has(form)) savers.set(form, new Saver(form, (answer) => afterwards(form, answer)));
  return savers.get(form);
}

/** The row of a form, as it stands in the page now: a fragment may have renewed it. */
function rowOf(form) {
  const row = form.closest("tr") ?? [...form.elements].find((field) => field.closest("tr"))?.closest("tr");
  return row?.isConnected ? row : document.getElementById(row?.id ?? "");
}

/** A refusal or a clash stands in a row of its own, under the row. */
function afterwards(form, answer) {
  const row = rowOf(form);
  while (row?.nextElementSibling?.matches(".clash, .refused")) row.nextElementSibling.remove();
  row?.classList.toggle("unsaved", answer.status < 200 || answer.status >= 300);
  if (!row || answer.status === 0) return;
  if (answer.status === 409) showClash(form, row, answer.page?.querySelector("tr[data-clash]"));
  if (answer.status === 422) row.after(refusalRow(row, refusals(answer.page).join(" ")));
}

function showClash(form, row, clash) {
  if (!clash) return;
  row.after(document.adoptNode(clash));
  clash.querySelector("[data-take]")?.addEventListener("click", () => {
    form.reset();
    forgetDraft(form);
  });
}

function refusalRow(row, text) {
  const line = document.createElement("tr");
  const cell = document.createElement("td");
  line.className = "refused";
  cell.colSpan = row.cells.length;
  cell.setAttribute("role", "alert");
  cell.textContent = text;
  line.append(cell);
  return line;
}

/** The same field in a row above (-1) or below (+1), over rows that are hidden or locked. */
function neighbour(field, step) {
  const walk = step > 0 ? "nextElementSibling" : "previousElementSibling";
  for (let row = field.closest("tr")[walk]; row; row = row[walk]) {
    const found = row.hidden ? null : row.querySelector(`[name="${CSS.escape(field.name)}"]:not([type=hidden]):not(:disabled)`);
    if (found) return found;
  }
  return null;
}

/** Where a row begins: behind a comment the next thing typed is the points of the next row. */
const firstOf = (field) => field.closest("tr").querySelector(`:is(${TYPED}):not(:disabled)`) ?? field;

function go(field, step) {
  const next = neighbour(field, step);
  next?.focus();
  next?.select?.();
}

function onKey(event) {
  const field = event.target;
  if (!field.matches(TYPED) || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const act = {
    Enter: () => {
      saverOf(field.form)?.save();
      go(firstOf(field), event.shiftKey ? -1 : 1);
    },
    ArrowDown: () => go(field, 1),
    ArrowUp: () => go(field, -1),
    Escape: () => setValue(field, savedValueOf(field)),
    "=": () => agree(field),
  }[event.key];
  if (!act || (field.tagName !== "INPUT" && event.key !== "Escape") || (event.key === "=" && !field.closest("tr").dataset.self)) return;
  event.preventDefault();
  act();
}

function agree(field) {
  setValue(field, field.closest("tr").dataset.self);
  saverOf(field.form)?.save();
  go(field, 1);
}

/** Several lines from a sheet: one a row, downwards from here; each row is saved by itself. */
function onPaste(event) {
  const lines = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/);
  if (lines.length < 2 || !event.target.matches("input")) return;
  event.preventDefault();
  let field = event.target;
  for (const line of lines) {
    if (!field) break;
    setValue(field, line.split("\t")[0].trim());
    saverOf(field.form)?.touch(50);
    field = neighbour(field, 1);
  }
}
