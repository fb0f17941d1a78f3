// A copy on this machine of what is typed and not yet on the server. It goes as soon as the server has it.
import { changedFields, fieldsOf, keyOf, savedValueOf, setValue, valueOf } from "./fields.js";

const PREFIX = "thamdinh:draft:";
const LONGEST = 30 * 24 * 3600 * 1000;
const seat = document.documentElement.dataset.seat ?? "";

/** Forms of several indicators, roles and rounds share id and address: the copy of one must never come up in another. */
const placeOf = (form) =>
  [PREFIX + seat, form.id, new URL(form.action).pathname, form.elements.namedItem("code")?.value ?? "", form.dataset.round ?? ""].join(":");

function stored(work) {
  try {
    return work(window.localStorage);
  } catch {
    return null; // private windows and full disks: typing goes on without a copy
  }
}

/** Keep what is not saved of this form; forget it when all is saved. */
export function keepDraft(form) {
  const values = {};
  for (const field of changedFields(form)) values[keyOf(field)] = { mine: valueOf(field), base: savedValueOf(field) };
  if (Object.keys(values).length) stored((box) => box.setItem(placeOf(form), JSON.stringify({ at: Date.now(), values })));
  else forgetDraft(form);
}

export function forgetDraft(form) {
  stored((box) => box.removeItem(placeOf(form)));
}

/** Put back what was typed before. Returns the fields put back, and those that changed on the server meanwhile (with the text kept). */
export function bringBack(form) {
  const kept = stored((box) => JSON.parse(box.getItem(placeOf(form)) ?? "null"));
  const back = [];
  const differing = [];
  if (!kept || Date.now() - kept.at > LONGEST) return { back, differing };
  for (const field of fieldsOf(form)) {
    const draft = kept.values[keyOf(field)];
    if (!draft || draft.mine === valueOf(field)) continue;
    if (draft.base === savedValueOf(field)) {
      setValue(field, draft.mine);
      back.push(field);
    } else {
      differing.push({ field, mine: draft.mine });
    }
  }
  if (!back.length && !differing.length) forgetDraft(form);
  return { back, differing };
}

/** Old copies are swept, so that a shared machine does not gather them. */
export function sweepDrafts() {
  stored((box) => {
    for (const key of Object.keys(box).filter((name) => name.startsWith(PREFIX))) {
      if (Date.now() - (JSON.parse(box.getItem(key))?.at ?? 0) > LONGEST) box.removeItem(key);
    }
  });
}
