// The sentences that script says; they stand in the page (components/dialogs.html), so that they are translated like all others.

const words = new Map();
for (const item of document.querySelector("#words")?.content.querySelectorAll("[data-word]") ?? []) {
  words.set(item.dataset.word, item.textContent);
}

/** The sentence of that name, with its {places} filled. */
export function say(name, values = {}) {
  return (words.get(name) ?? name).replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
}

/** A fresh copy of one of the icons that script needs. */
export function icon(name) {
  const found = document.querySelector("#icons")?.content.querySelector(`[data-icon="${name}"]`);
  return found ? found.firstElementChild.cloneNode(true) : document.createTextNode("");
}

/** A number of bytes the way people read it: "4,1 MB". */
export function size(bytes) {
  const [amount, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${amount.toFixed(amount < 10 ? 1 : 0).replace(".", ",")} ${unit}`;
}
