// Changes the basket in place: sends the one line that changed, puts the answered pieces where the old ones were.
// Without this module the same buttons and fields send their whole form.
import { tell } from "ui/toasts";

const FORMS = new Set(["basket", "drawer-form"]);

customElements.define("shop-floor", class extends HTMLElement {
  #queue = Promise.resolve();

  connectedCallback() {
    this.addEventListener("submit", this);
    this.addEventListener("change", this);
    this.classList.add("shop-floor--awake");
  }

  handleEvent(event) {
    const { type, target, submitter } = event;
    if (type === "submit" && FORMS.has(target.id)) {
      event.preventDefault();
      const field = submitter?.name ? submitter : document.activeElement;
      this.#send(target, field?.name ? this.#wish(field) : {});
    } else if (type === "change" && FORMS.has(target.form?.id) && target.name.startsWith("q-") && target.reportValidity()) {
      this.#send(target.form, this.#wish(target));
    }
  }

  #wish({ name, value }) {
    return name.startsWith("q-") ? { line: name.slice(2), [name]: value } : { [name]: value };
  }

  #send(form, wish) {
    const { csrfmiddlewaretoken, cycle } = Object.fromEntries(new FormData(form));
    const body = new URLSearchParams({ ...wish, cycle, view: this.dataset.view ?? "" });
    const headers = { "X-CSRFToken": csrfmiddlewaretoken, "X-Part": "lines" };
    this.#queue = this.#queue.then(async () => {
      this.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(form.action, { method: "POST", body, headers });
        if (!answer.headers.has("X-Count")) return location.reload();
        this.#place(await answer.text());
        this.#say(answer.headers);
      } catch {
        tell(this.dataset.offline, "error");
      } finally {
        this.removeAttribute("aria-busy");
      }
    });
  }

  // The new count is told to who cannot see it; only what was refused or cut down is shown as a note.
  #say(headers) {
    const [count, note] = ["X-Count", "X-Tell"].map((name) => decodeURIComponent(headers.get(name) ?? ""));
    this.querySelector("[data-told]").textContent = count;
    if (note) tell(note, headers.get("X-Tone") ?? "");
  }

  #place(html) {
    const { activeElement } = document, kept = this.#trace(activeElement);
    const pieces = document.createElement("template");
    pieces.innerHTML = html;
    for (const piece of [...pieces.content.children]) {
      const old = document.getElementById(piece.id), top = old?.querySelector(".drawer__lines")?.scrollTop;
      old?.replaceWith(piece);
      if (top) piece.querySelector(".drawer__lines")?.scrollTo({ top });
    }
    if (kept && !activeElement.isConnected) kept()?.focus({ preventScroll: true });
  }

  // How to find again, after the swap, what had the focus: the same control, else the field of its line.
  #trace(element) {
    const within = element?.closest?.("[id^=offer-], [id^=line-]")?.id, { name, value } = element ?? {};
    if (!within || !name) return null;
    return () => {
      const place = document.getElementById(within) ?? document.getElementById("basket-title")?.closest("[id]");
      const field = name.startsWith("q-") ? `[name="${name}"]` : `[name="${name === "add" ? "more" : name}"][value="${value}"]`;
      return place?.querySelector(field) ?? place?.querySelector("input, button, a");
    };
  }
});
