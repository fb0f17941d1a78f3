// <input type="file" data-upload> in a [data-drop]: files go one by one with a bar, by themselves again after a cut, and can be cancelled.
import { refusals, read, renew } from "./page.js";
import { signIn, tokenOf } from "./sign-in.js";
import { say, size } from "./words.js";

const LONGEST_WAIT = 30;
const SIGNED_OUT = 401;
const OWN = new Set(["csrf_token", "seat", "code"]);

export function startUploads() {
  for (const input of document.querySelectorAll("input[data-upload]")) {
    const drop = input.closest("[data-drop]");
    const list = input.closest(".field").querySelector("[data-upload-list]");
    const line = new Line(input, list);
    input.addEventListener("change", () => {
      line.add(input.files);
      input.value = "";
    });
    for (const type of ["dragenter", "dragover"]) drop?.addEventListener(type, (event) => hover(event, drop, true));
    for (const type of ["dragleave", "drop"]) drop?.addEventListener(type, (event) => hover(event, drop, false));
    drop?.addEventListener("drop", (event) => line.add(event.dataTransfer.files));
  }
}

function hover(event, drop, over) {
  event.preventDefault();
  drop.classList.toggle("over", over);
}

/** The files of one form, waiting for their turn. */
class Line {
  constructor(input, list) {
    this.input = input;
    this.list = list;
    this.waiting = [];
    this.running = false;
  }

  add(files) {
    for (const file of files) this.waiting.push(new Parcel(file, this.input, this.list));
    this.run();
  }

  async run() {
    if (this.running) return;
    this.running = true;
    while (this.waiting.length) await this.waiting.shift().deliver();
    this.running = false;
  }
}

/** One file on its way, with its row. */
class Parcel {
  constructor(file, input, list) {
    this.file = file;
    this.input = input;
    this.row = document.querySelector("#upload-row").content.firstElementChild.cloneNode(true);
    this.row.querySelector("[data-name]").textContent = file.name;
    this.row.querySelector("[data-type]").textContent = (file.name.split(".").pop() ?? "").slice(0, 4).toUpperCase();
    this.row.querySelector("[data-cancel]").onclick = () => this.cancel();
    list.append(this.row);
  }

  say(text) {
    this.row.querySelector("[data-said]").textContent = text;
  }

  cancel() {
    this.cancelled = true;
    this.request?.abort();
    this.row.remove();
  }

  /** Try until it is there, refused or cancelled. */
  async deliver() {
    for (let wait = 2; !this.cancelled; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      const { status, text } = await this.attempt();
      const page = text ? read(text) : null;
      if (status === SIGNED_OUT || page?.querySelector("form[data-sign-in]")) {
        if (!(await signIn())) return this.say(say("signed_out"));
        continue;
      }
      if (status >= 200 && status < 300) return this.arrived(page);
      if (status >= 400 && status !== 502 && status !== 503 && status !== 504) return this.refused(page);
      await new Promise((resolve) => window.setTimeout(resolve, wait * 1000));
    }
    return undefined;
  }

  arrived(page) {
    this.say(say("done"));
    this.row.remove();
    renew(page);
  }

  refused(page) {
    this.say((page && refusals(page).join(" ")) || say("not_sent"));
    this.row.querySelector(".progress").classList.add("bad");
    this.row.querySelector("[data-cancel]").textContent = say("dismiss");
    this.row.querySelector("progress").remove();
  }

  attempt() {
    const form = this.input.form;
    const body = new FormData(form);
    if (this.input.dataset.to) for (const name of [...body.keys()]) if (!OWN.has(name)) body.delete(name); // what else is typed there is saved by itself
    body.delete(this.input.name);
    body.set("csrf_token", tokenOf(document));
    body.append(this.input.name, this.file, this.file.name);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      this.request = request;
      request.open("POST", this.input.dataset.to ?? form.action);
      request.setRequestHeader("X-Requested-With", "fetch");
      request.setRequestHeader("Accept", "text/html");
      request.upload.onprogress = (event) => this.moved(event.loaded / event.total);
      request.onload = () => resolve({ status: request.status, text: request.responseText });
      request.onerror = () => {
        this.say(say("resend"));
        resolve({ status: 0, text: "" });
      };
      request.onabort = () => resolve({ status: 0, text: "" });
      request.send(body);
    });
  }

  moved(part) {
    const percent = Math.floor(part * 100);
    this.row.querySelector("progress").value = percent;
    this.say(say("sent", { percent, size: size(this.file.size) }));
  }
}
