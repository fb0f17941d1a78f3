// A button or form with data-confirm="…" asks first, in the browser's own dialog element. Without script the server has its own page for it.

export function startQuestions() {
  document.addEventListener("submit", async (event) => {
    const text = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (!text || !document.querySelector("#ask") || event.target.dataset.answered) return;
    event.preventDefault();
    event.stopPropagation();
    carryOn(event, await ask(text, event.submitter?.textContent.trim()));
  }, true);
}

/** Ask; resolves to whether the answer was yes. The first line is the question, further ones stand below it. */
export function ask(text, yes = "") {
  const dialog = document.querySelector("#ask");
  const button = dialog.querySelector("[data-yes]");
  const [question, ...more] = text.split("\n");
  dialog.querySelector("#ask-text").textContent = question;
  dialog.querySelector("[data-more]").textContent = more.join("\n");
  button.dataset.usual ??= button.textContent;
  button.textContent = yes || button.dataset.usual;
  dialog.returnValue = "no";
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

function carryOn({ target, submitter }, said) {
  if (!said) {
    submitter?.focus();
    return;
  }
  target.dataset.answered = "yes";
  target.requestSubmit(submitter ?? undefined);
  delete target.dataset.answered;
}
