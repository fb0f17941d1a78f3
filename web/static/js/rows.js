// Grids: <table data-grid>, a <form data-row-save> for each row (its fields name it by form="…"). Enter saves and goes on, arrows move,
// "=" takes the self-score (data-self on the row), Escape brings back what was saved; a column pasted from a sheet is shown before it fills.
import { ask } from "./ask.js";
import { bringBack, forgetDraft, keepDraft } from "./drafts.js";
import { isChanged, savedValueOf, setValue } from "./fields.js";
import { refusals } from "./page.js";
import { tell } from "./saved.js";
import { Saver } from "./saver.js";
import { say } from "./words.js";

const savers = new WeakMap();
const TYPED = "input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, textarea";

export function startRows() {
  for (const form of document.querySelectorAll("form[data-row-save]")) {
    saverOf(form);
    if (bringBack(form).back.length) onTyped(form, 600);
  }
  for (const grid of document.querySelectorAll("[data-grid]")) {
    grid.addEventListener("keydown", onKey);
    grid.addEventListener("paste", onPaste);
    grid.addEventListener("change", (event) => onTyped(event.target.form, 50));
    grid.addEventListener("input", (event) => onTyped(event.target.form, 5000));
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-row-save]")) return;
    event.preventDefault();
    saverOf(event.target).save();
  });
}

/** A comment before the points is no mistake: it is kept, and goes with them. */
function onTyped(form, delay) {
  const saver = saverOf(form);
  const points = form?.elements.points;
  if (!saver) return;
  if (points && !points.value.trim() && !savedValueOf(points)) {
    keepDraft(form);
    tell(form, "waiting", "no_points");
  } else {
    saver.touch(delay);
  }
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
      onTyped(field.form, 0);
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

/** The self-score stands; the reason why other points were given before goes with them. */
function agree(field) {
  const reason = field.form.elements.reason;
  setValue(field, field.closest("tr").dataset.self);
  if (reason && isChanged(field) && !isChanged(reason)) setValue(reason, "");
  saverOf(field.form)?.save();
  go(field, 1);
}

/** Several lines from a sheet: one for each row that is seen, from here down; a row that takes no points takes its line all the same. */
async function onPaste(event) {
  const lines = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/);
  if (lines.length < 2 || !event.target.matches("input")) return;
  event.preventDefault();
  const places = placesFrom(event.target).slice(0, lines.length);
  const plan = places.map(({ name, field }, at) => ({ name, field, value: lines[at].split("\t")[0].trim() }));
  const open = plan.filter(({ field }) => field);
  const told = plan.map(({ name, field, value }) => field ? `${name}: ${value}` : say("passed", { name }));
  if (!(await ask([say("paste", { count: lines.length, written: open.length }), ...told].join("\n"), say("paste_now")))) return;
  for (const { field, value } of open) {
    setValue(field, value);
    saverOf(field.form)?.touch(50);
  }
}

/** The rows from a field's own on, as they are seen: what each is called, and the same field in it, if it has one. */
function placesFrom(field) {
  const own = field.closest("tr");
  const rows = [...own.parentElement.rows].filter((row) => row === own || (row.dataset.live !== undefined && !row.hidden));
  return rows.slice(rows.indexOf(own)).map((row) => ({
    name: (row.querySelector("th") ?? row.cells[0]).textContent.trim().replace(/\s+/g, " "),
    field: row.querySelector(`[name="${CSS.escape(field.name)}"]:not([type=hidden]):not(:disabled)`),
  }));
}
