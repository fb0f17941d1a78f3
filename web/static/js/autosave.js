// <form data-autosave>: saved as one goes, field by field, with the time of saving.
import { bringBack, forgetDraft, keepDraft, sweepDrafts } from "./drafts.js";
import { setValue } from "./fields.js";
import { button, tell } from "./saved.js";
import { Saver } from "./saver.js";
import { say } from "./words.js";

const PAUSE = 1200;

export function startAutosave() {
  sweepDrafts();
  for (const form of document.querySelectorAll("form[data-autosave]")) watch(form);
}

function watch(form) {
  const saver = new Saver(form, (answer) => {
    if (answer.status === 409) showClash(form, answer.page);
  });
  const listen = (type, delay) =>
    document.addEventListener(type, (event) => {
      if (event.target.form !== form || event.target.type === "file") return;
      if (asksFirst(event.target)) keepDraft(form);
      else saver.touch(delay);
    });
  listen("input", PAUSE);
  listen("change", 150);
  form.addEventListener("submit", () => {
    saver.leaving = true; // the form itself carries everything now: a save of its own would only race with it
    window.clearTimeout(saver.timer);
  });
  restore(form, saver);
}

/** A box that was ticked and needs words first leads to them: nothing is wrong before they could be typed. */
function asksFirst(field) {
  const words = field.dataset.needs && field.checked ? field.form.elements[field.dataset.needs] : null;
  if (!words || words.value.trim()) return false;
  words.focus();
  return true;
}

function restore(form, saver) {
  const { back, differing } = bringBack(form);
  for (const { field, mine } of differing) offer(field, mine, () => saver.touch(150));
  if (!back.length) return;
  tell(form, "waiting", "restored");
  saver.later(150);
}

/** The server has another text by now: the kept one stands beside it, one click away. */
function offer(field, mine, then) {
  if (typeof mine !== "string") return;
  const line = document.createElement("div");
  line.className = "hint";
  line.append(`${say("kept")} “${mine}” `, button(say("use_kept"), () => {
    setValue(field, mine);
    line.remove();
    then();
  }));
  (field.closest(".control") ?? field).after(line);
}

/** Both versions above the form, with the buttons the server sent; taking theirs forgets mine. */
export function showClash(form, page) {
  const clash = page?.querySelector("[data-clash]");
  if (!clash) return;
  document.querySelector("[data-clash]")?.remove();
  form.before(document.adoptNode(clash));
  clash.querySelector("[data-take]")?.addEventListener("click", () => {
    form.reset();
    forgetDraft(form);
  });
  clash.querySelector("a, button")?.focus();
}
