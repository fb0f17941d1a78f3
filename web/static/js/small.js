// Small comforts: errors in our words, choose and go, count letters, show a password, go to the first error, print.

export function startSmall() {
  for (const form of document.forms) form.noValidate = true; // the server says what is missing, at its field and in the person's language
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
    if (event.target.matches("input[data-all]")) tickAll(event.target);
    if (event.target.matches("input[type=checkbox]:checked")) clearOthers(event.target);
  });
  document.addEventListener("input", (event) => {
    if (event.target.dataset.count) count(event.target);
  });
  document.addEventListener("click", onClick);
  document.querySelector("[data-errors]")?.focus();
}

/** The box in the head of a table ticks, or clears, every box of that name below it. */
function tickAll(head) {
  for (const box of head.form.elements) {
    if (box.type === "checkbox" && box.name === head.dataset.all) box.checked = head.checked;
  }
}

function onClick(event) {
  const target = event.target.closest("[data-reveal], [data-print], .errors a[href^='#']");
  if (!target) return;
  if (target.dataset.reveal) reveal(target);
  else if (target.matches("[data-print]")) window.print();
  else goToField(event, target);
}

/** "None of them" and the others exclude each other: the tick just set wins. Heard before the form is saved. */
function clearOthers(box) {
  for (const other of box.closest("fieldset")?.querySelectorAll("input[type=checkbox]:checked") ?? []) {
    if (other !== box && (box.matches("[data-alone]") || other.matches("[data-alone]"))) other.checked = false;
  }
}

/** The letters used, as the server counts them: composed, by code point. */
function count(field) {
  const slot = document.getElementById(field.dataset.count);
  if (!slot) return;
  const used = [...field.value.normalize("NFC")].length;
  slot.textContent = slot.textContent.replace(/^[\d.]+/, used.toLocaleString("vi-VN"));
}

function reveal(button) {
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  [button.textContent, button.dataset.hide] = [button.dataset.hide, button.textContent];
  field.focus();
}

function goToField(event, link) {
  const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
}
