// What browsers say in their own language is said in ours: a day is typed as 15/12/2026 and may be chosen on the calendar; a file's name stands
// beside our own button.

export function startPickers() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-calendar]");
    if (button) open(document.getElementById(button.dataset.calendar));
  });
  document.addEventListener("change", (event) => {
    if (event.target.type === "file") name(event.target);
  });
}

/** Open the browser's calendar at the day that is typed. */
function open(field) {
  const picker = field.parentElement.querySelector(".picker") ?? pickerFor(field);
  const [, day, month, year] = field.value.match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/) ?? [];
  picker.value = year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
  picker.showPicker();
}

/** The browser's own field, out of sight: only its calendar is wanted. */
function pickerFor(field) {
  const picker = document.createElement("input");
  picker.type = "date";
  picker.className = "picker";
  picker.tabIndex = -1;
  picker.setAttribute("aria-hidden", "true");
  picker.addEventListener("change", () => take(picker, field));
  field.after(picker);
  return picker;
}

/** Write the chosen day as one types it; whoever listens to the field hears of it. */
function take(picker, field) {
  field.value = picker.value.split("-").reverse().join("/");
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  field.focus();
}

function name(input) {
  const slot = document.querySelector(`[data-chosen="${CSS.escape(input.id)}"]`);
  if (!slot) return;
  slot.dataset.none ??= slot.textContent;
  slot.textContent = [...input.files].map((file) => file.name).join(", ") || slot.dataset.none;
}
