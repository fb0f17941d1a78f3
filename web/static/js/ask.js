// A button or form with data-confirm="…" asks first, in the browser's own dialog element. Without script the server has its own page for it.

export function startQuestions() {
  document.addEventListener("submit", (event) => {
    const text = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    const dialog = document.querySelector("#ask");
    if (!text || !dialog || event.target.dataset.answered) return;
    event.preventDefault();
    event.stopPropagation();
    dialog.querySelector("#ask-text").textContent = text;
    dialog.querySelector("[data-yes]").textContent = event.submitter?.textContent.trim() || dialog.querySelector("[data-yes]").textContent;
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => carryOn(event, dialog.returnValue), { once: true });
    dialog.showModal();
  }, true);
}

function carryOn({ target, submitter }, said) {
  if (said !== "yes") {
    submitter?.focus();
    return;
  }
  target.dataset.answered = "yes";
  target.requestSubmit(submitter ?? undefined);
  delete target.dataset.answered;
}
