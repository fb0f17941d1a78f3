// Reads what the server answers (a whole page or one fragment) and renews the parts of this page marked data-live that have an id.
import { isChanged } from "./fields.js";

const policy = window.trustedTypes?.createPolicy("thamdinh", { createHTML: (text) => text });
const trusted = (text) => (policy ? policy.createHTML(text) : text);

/** A document or a fragment out of the text of an answer; nothing in it runs. */
export function read(text) {
  if (/^\s*(<!doctype|<html)/i.test(text)) return new DOMParser().parseFromString(trusted(text), "text/html");
  const template = document.createElement("template");
  template.innerHTML = trusted(text);
  return template.content;
}

const TYPED = "input:not([type=hidden]), textarea, select";

/** Somebody types here or has typed here, or is just pressing it: a button replaced between press and release would lose the click. */
function isBusy(element) {
  if (element.matches(":active")) return true;
  const active = document.activeElement;
  if (active !== document.body && element.contains(active)) return true;
  return [element, ...element.querySelectorAll(TYPED)].some((field) => field.matches(TYPED) && isChanged(field));
}

function renewOne(old, fresh) {
  if (!isBusy(old)) {
    old.replaceWith(document.adoptNode(fresh));
    return;
  }
  if (old.matches("input, textarea, select")) return; // somebody is typing here
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  const pairs = [...old.children].map((child, index) => [child, fresh.children[index]]);
  if (old.children.length === fresh.children.length) for (const [child, next] of pairs) renewOne(child, next);
}

/** Renew every live part that the answer holds, but nothing that somebody is typing in. */
export function renew(answer) {
  for (const old of document.querySelectorAll("[data-live][id]")) {
    const fresh = answer.querySelector(`#${CSS.escape(old.id)}`);
    if (fresh && !fresh.isEqualNode(old)) renewOne(old, fresh);
  }
}

/** The sentences with which the server refused: beside the fields, or in the summary. */
export function refusals(answer) {
  const told = [...answer.querySelectorAll(".field-error > span:last-child, .errors li, .banner.error > div, .error-page h1")];
  const seen = (element) => [...element.childNodes].filter((node) => !node.classList?.contains("visually-hidden"));
  return [...new Set(told.map((element) => seen(element).map((node) => node.textContent).join("").trim()))];
}

/** Show the errors of an answer beside the fields of a form; earlier ones go. */
export function showErrors(form, answer) {
  const named = [...form.elements].map((element) => element.closest(".field")); // also those outside it that name it by form="…"
  for (const field of new Set(named.filter(Boolean))) {
    const fresh = answer?.querySelector(`.field[data-field="${CSS.escape(field.dataset.field ?? "")}"]`);
    const told = fresh?.querySelector(".field-error");
    field.querySelector(".field-error")?.remove();
    field.classList.toggle("has-error", Boolean(told));
    const input = field.querySelector("input, select, textarea");
    if (told) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
    if (told) (field.querySelector(".control") ?? input ?? field.firstElementChild).before(document.adoptNode(told));
  }
}
