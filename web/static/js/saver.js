// Saves one form in the background: keeps a copy until the server has it, waits for the line to come back, never drops a letter.
import { forgetDraft, keepDraft } from "./drafts.js";
import { changedFields, fieldsOf, markSaved, valueOf } from "./fields.js";
import { refusals, renew, showErrors } from "./page.js";
import { tell } from "./saved.js";
import { send } from "./send.js";

const FIRST_WAIT = 2;
const LONGEST_WAIT = 30;

const all = new Set();

/** Those that hold something the server does not have; forms that a fragment replaced no longer count. */
export function dirtySavers() {
  for (const saver of all) if (!saver.form.isConnected) all.delete(saver);
  return [...all].filter((saver) => saver.isDirty);
}

export class Saver {
  /** `onAnswer(answer)` may take over what else a refusal or a clash shows. */
  constructor(form, onAnswer = () => {}) {
    this.form = form;
    this.onAnswer = onAnswer;
    this.timer = 0;
    this.running = null;
    this.wait = FIRST_WAIT;
    this.time = document.querySelector("[data-saved]")?.textContent.match(/\d\d:\d\d:\d\d(, [\d/]+)?/)?.[0] ?? "";
    all.add(this);
  }

  get isDirty() {
    return changedFields(this.form).length > 0;
  }

  /** All that stands in the form, to be compared. */
  typed() {
    return JSON.stringify(fieldsOf(this.form).map((field) => valueOf(field)));
  }

  /** Something was typed: keep a copy now, send in a moment. */
  touch(delay) {
    keepDraft(this.form);
    if (this.refused && this.refused === this.typed()) return; // Enter was refused; leaving the field says nothing new
    if (this.putOff) return; // sign-in was put off: the copy is enough until the person asks
    tell(this.form, "waiting", "typing");
    this.later(delay);
  }

  /** The person asks to try now. */
  again() {
    this.putOff = false;
    return this.save();
  }

  later(delay) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), delay);
  }

  /** Send what is there now; if a save is on its way, send again after it. Resolves to the last answer. */
  async save() {
    window.clearTimeout(this.timer);
    if (this.running) {
      await this.running;
      if (this.refused && this.refused === this.typed()) return null; // what was on its way was this, and it was refused
    }
    if (!this.isDirty) this.settle();
    if (!this.isDirty || this.putOff) return null;
    this.running ??= this.once().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** What was typed is what the server has again: nothing to send, nothing wrong any more. */
  settle() {
    this.refused = "";
    showErrors(this.form, null);
    forgetDraft(this.form);
    this.onAnswer({ status: 204 });
    if (this.time) tell(this.form, "", "saved", { time: this.time });
  }

  async once() {
    const sent = fieldsOf(this.form).map((field) => [field, valueOf(field)]);
    tell(this.form, "waiting", "saving");
    const body = new FormData(this.form);
    for (const field of this.form.elements) if (field.type === "file") body.delete(field.name); // files go by themselves
    const answer = await send(this.form.action, body);
    this.clashed = answer.status === 409; // the person has to choose first
    this.putOff = answer.status === 401;
    if (answer.status >= 200 && answer.status < 300) this.saved(sent, answer);
    else this.notSaved(answer);
    this.onAnswer(answer);
    return answer;
  }

  saved(sent, answer) {
    this.wait = FIRST_WAIT;
    for (const [field, value] of sent) markSaved(field, value);
    showErrors(this.form, null);
    renew(answer.page);
    if (this.isDirty) {
      this.touch(600); // more was typed while it travelled
    } else {
      this.time = answer.time;
      this.settle();
    }
  }

  notSaved(answer) {
    keepDraft(this.form);
    this.refused = answer.status === 422 || answer.status === 409 ? this.typed() : "";
    if (answer.status === 422) {
      showErrors(this.form, answer.page);
      const atFields = [...this.form.elements].some((element) => element.closest(".field.has-error"));
      if (atFields || this.form.matches("[data-row-save]")) tell(this.form, "failed", "refused");
      else tell(this.form, "failed", refusals(answer.page).join(" ") || "refused");
    } else if (answer.status === 409 && answer.page.querySelector("[data-clash]")) {
      tell(this.form, "failed", "clash");
    } else if (answer.status === 409) {
      tell(this.form, "failed", refusals(answer.page).join(" ") || "refused");
    } else if (answer.status === 401) {
      tell(this.form, "failed", "signed_out", {}, () => this.again());
    } else if (answer.status === 0 || answer.status >= 500 || answer.status === 429) {
      tell(this.form, "failed", "offline", { number: changedFields(this.form).length, seconds: this.wait }, () => this.again());
      this.later(this.wait * 1000);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    } else {
      tell(this.form, "failed", "failed", {}, () => this.again());
    }
  }
}
