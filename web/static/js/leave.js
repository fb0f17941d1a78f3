// Going on with something unsaved: it is saved first, then the link or the form goes its way. Nobody is asked unless saving fails,
// or unless something stands in a <form data-guard>: it has its own button and is not saved as one goes.
import { changedFields } from "./fields.js";
import { dirtySavers } from "./saver.js";

const PATIENCE = 4000;
let going = null; // the form that is on its way takes along what stands in it

export function startLeaving() {
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saveAll();
  });
  window.addEventListener("online", saveAll);
  window.addEventListener("beforeunload", (event) => {
    if (dirtySavers().some((saver) => !saver.leaving) || left().length) event.preventDefault();
    going = null;
  });
}

/** The guarded forms whose words would be lost; a refused one comes back with its words as they were typed. */
function left() {
  const guarded = [...document.querySelectorAll("form[data-guard]")].filter((form) => form !== going);
  return guarded.filter((form) => form.dataset.guard === "refused" || changedFields(form).length);
}

const unsaved = () => dirtySavers().filter((saver) => !saver.clashed && !saver.putOff);
const saveAll = () => Promise.all(unsaved().map((saver) => saver.save()));

/** Save what is unsaved, but do not keep people waiting for a line that is cut. */
const saveSoon = () => Promise.race([saveAll(), new Promise((resolve) => window.setTimeout(resolve, PATIENCE))]);

function onClick(event) {
  const link = event.target.closest("a[href]");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.target || link.download || link.dataset.take || !unsaved().length) return;
  if (link.origin !== window.location.origin || (link.hash && link.pathname === window.location.pathname)) return;
  event.preventDefault();
  saveSoon().then(() => window.location.assign(link.href));
}

function onSubmit(event) {
  const form = event.target;
  const others = unsaved().filter((saver) => saver.form !== form || saver.running); // a save on its way would clash with the form's own
  if (form.closest("[data-clash]")) for (const saver of dirtySavers()) saver.leaving ||= saver.clashed; // it carries mine itself
  if (event.defaultPrevented || form.method === "dialog") return;
  going = form;
  if (!others.length || form.dataset.saved) return;
  event.preventDefault();
  saveSoon().then(() => {
    form.dataset.saved = "yes";
    form.requestSubmit(event.submitter ?? undefined);
    delete form.dataset.saved;
  });
}
