// What is typed and what the server has: the browser keeps the latter as the default of each field.

const SKIPPED = new Set(["hidden", "submit", "button", "reset", "file", "password", "image"]);

/** The fields of a form that hold what a person typed or chose. */
export function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && "form" in field && !SKIPPED.has(field.type) && field.type !== "fieldset" && field.type !== "output");
}

const ticked = (field) => field.type === "checkbox" || field.type === "radio";

/** What stands in the field now: text, or true and false for a tick. */
export function valueOf(field) {
  return ticked(field) ? field.checked : field.value;
}

/** What the server had when the page was made, or since the last save. */
export function savedValueOf(field) {
  if (ticked(field)) return field.defaultChecked;
  if (field.tagName !== "SELECT") return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? "";
}

export function isChanged(field) {
  return valueOf(field) !== savedValueOf(field);
}

export function changedFields(form) {
  return fieldsOf(form).filter(isChanged);
}

export function setValue(field, value) {
  if (ticked(field)) field.checked = value;
  else field.value = value;
}

/** The server has this value now. */
export function markSaved(field, value) {
  if (ticked(field)) field.defaultChecked = value;
  else if (field.tagName !== "SELECT") field.defaultValue = value;
  else for (const option of field.options) option.defaultSelected = option.value === value;
}

/** A name for one field of a form that lasts over reloads; ticks of one name are told apart by their value. */
export function keyOf(field) {
  return ticked(field) ? `${field.name}=${field.value}` : field.name;
}
