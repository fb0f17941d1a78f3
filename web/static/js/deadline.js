// Counts down to [data-deadline] by the clock of the server, not of this machine; amber under three days only.
import { say } from "./words.js";

const DAY = 86_400;
const said = Date.parse(document.documentElement.dataset.now ?? "");
const ahead = Number.isNaN(said) ? 0 : said - Date.now();
const serverNow = () => Date.now() + ahead;

export function startDeadlines() {
  const all = [...document.querySelectorAll("[data-deadline]")];
  if (!all.length) return;
  const show = () => {
    for (const element of all) update(element);
    for (const clock of document.querySelectorAll("[data-server-clock]")) clock.textContent = clockOf(serverNow());
  };
  show();
  window.setInterval(show, 1000);
}

function clockOf(moment) {
  return new Date(moment).toLocaleTimeString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour12: false });
}

/** "còn 1 ngày 7 giờ", "còn 5 giờ 12 phút", "còn 3 phút 20 giây": the nearer, the finer. */
export function remaining(seconds) {
  const values = { days: Math.floor(seconds / DAY), hours: Math.floor((seconds % DAY) / 3600), minutes: Math.floor((seconds % 3600) / 60), seconds: Math.floor(seconds % 60) };
  if (seconds <= 0) return say("over");
  if (seconds >= DAY) return say("days", values);
  return seconds >= 3600 ? say("hours", values) : say("minutes", values);
}

function update(element) {
  const seconds = (Date.parse(element.dataset.deadline) - serverNow()) / 1000;
  if (Number.isNaN(seconds)) return;
  element.classList.toggle("urgent", seconds > 0 && seconds < 3 * DAY);
  element.classList.toggle("over", seconds <= 0);
  const place = element.querySelector("[data-remaining]") ?? element;
  const text = remaining(seconds);
  if (place.textContent !== text) place.textContent = text;
}
