// Sign-in in place: a dialog over the page, so that what is typed stays where it is.
import { read } from "./page.js";
import { say } from "./words.js";

let asking = null;

/** The token that guards the forms of a page. */
export function tokenOf(page) {
  return page.querySelector('meta[name="csrf-token"]')?.content ?? page.querySelector('input[name="csrf_token"]')?.value ?? "";
}

/** Write a new token into every form of this page. */
export function useToken(token) {
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token;
}

async function fetchPage(url, options = {}) {
  try {
    const response = await fetch(url, { credentials: "same-origin", ...options });
    return { status: response.status, page: read(await response.text()) };
  } catch {
    return { status: 0, page: null };
  }
}

/** The token of a page fetched anew; empty when it asks to sign in or cannot be had. */
export async function newToken(url) {
  const { status, page } = await fetchPage(url);
  return status === 200 && !page.querySelector("form[data-sign-in]") ? tokenOf(page) : "";
}

/** Ask for the password until it is right; false when the person puts it off. One dialog for all who ask at once. */
export function signIn() {
  asking ??= ask().finally(() => {
    asking = null;
  });
  return asking;
}

function ask() {
  const dialog = document.querySelector("#sign-in");
  if (!dialog) return Promise.resolve(false);
  const form = dialog.querySelector("form");
  dialog.showModal();
  form.elements.password.focus();
  return new Promise((resolve) => {
    const finish = (signedIn) => {
      form.onsubmit = null;
      dialog.onclose = null;
      form.elements.password.value = "";
      if (dialog.open) dialog.close();
      resolve(signedIn);
    };
    dialog.onclose = () => finish(false);
    dialog.querySelector("[data-later]").onclick = () => finish(false);
    form.onsubmit = async (event) => {
      event.preventDefault();
      const wrong = await enter(form);
      if (!wrong) finish(true);
      else complain(dialog, wrong);
    };
  });
}

/** Post the dialog's form with a fresh token. Returns what is wrong, or nothing when signed in. */
async function enter(form) {
  const door = await fetchPage(form.action);
  const body = new URLSearchParams(new FormData(form));
  body.set("csrf_token", door.page ? tokenOf(door.page) : "");
  body.set("next", window.location.pathname);
  const inside = await fetchPage(form.action, { method: "POST", body });
  if (!inside.page) return say("failed");
  if (inside.status >= 400 || inside.page.querySelector("form[data-sign-in]")) {
    return inside.page.querySelector(".errors li, .field-error > span:last-child")?.textContent.trim() || say("wrong");
  }
  useToken(tokenOf(inside.page));
  return "";
}

function complain(dialog, text) {
  const line = dialog.querySelector("[data-sign-in-error]");
  line.hidden = false;
  line.lastElementChild.textContent = text;
  dialog.querySelector("input[type=password], input[name=password]").select();
}
