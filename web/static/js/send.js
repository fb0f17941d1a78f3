// Sends a form in the background; a lost session is mended in place and the form sent again.
import { read } from "./page.js";
import { newToken, signIn, tokenOf, useToken } from "./sign-in.js";

/** Answer of the server: status (0 = no connection), page (parsed), time ("10:42:07"). */
async function attempt(url, body) {
  try {
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { Accept: "text/html", "X-Requested-With": "fetch" },
      credentials: "same-origin",
    });
    return { status: response.status, page: read(await response.text()), time: timeOf(response) };
  } catch {
    return { status: 0, page: null, time: "" };
  }
}

/** When the server saved: its own word, else the date of its answer. */
function timeOf(response) {
  const said = response.headers.get("X-Saved-At");
  if (said) return said;
  const date = new Date(response.headers.get("Date") ?? Date.now());
  return date.toLocaleTimeString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour12: false });
}

export const isSignedOut = (answer) => answer.status === 401 || Boolean(answer.page?.querySelector("form[data-sign-in]"));

/** Post `body` (FormData without files) and return the answer; asks to sign in at most once. */
export async function send(url, body) {
  const answer = await attempt(url, body);
  if (isSignedOut(answer)) {
    if (!(await signIn())) return { ...answer, status: 401 };
  } else if (answer.status === 400) {
    if (!(await renewToken())) return answer;
  } else {
    return answer;
  }
  body.set("csrf_token", tokenOf(document));
  return attempt(url, body);
}

/** A form that lay open for too long: fetch a token of today. */
async function renewToken() {
  const token = await newToken(window.location.href);
  if (token === tokenOf(document)) return false;
  if (token) {
    useToken(token);
    return true;
  }
  return signIn();
}
