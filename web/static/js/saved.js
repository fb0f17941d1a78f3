// The status slot: says whether what is typed is on the server. It stands in its place and covers nothing.
import { icon, say } from "./words.js";

const ICONS = { "": "check", waiting: "clock", failed: "warning" };

/** Where a form says how saving goes: in itself, in an element that names it, or where the page does (beside the text, and in its bar). */
function slotsOf(form) {
  const own = form.querySelector("[data-saved]") ?? document.querySelector(`[data-saved="${CSS.escape(form.id)}"]`);
  return own ? [own] : document.querySelectorAll("[data-saved]");
}

/** Say the sentence `word` in the slot of a form; kind is "" (good), "waiting" or "failed"; `again` adds a button that tries at once. */
export function tell(form, kind, word, values = {}, again = null) {
  for (const slot of slotsOf(form)) {
    slot.classList.remove("waiting", "failed");
    if (kind) slot.classList.add(kind);
    const text = document.createElement("span");
    text.textContent = say(word, values);
    slot.replaceChildren(icon(ICONS[kind]), text);
    if (again) slot.append(button(say("retry"), again));
  }
}

export function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "link";
  made.textContent = label;
  made.onclick = act;
  return made;
}
