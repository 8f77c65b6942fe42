// A row is saved field by field and comes back as a whole. What was typed in it while it was on its way is put into the row
// that comes, and saved as soon as its field is left.
const typed = new Map();

customElements.define("kept-typing", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:beforeRequest", this);
    for (const field of this.#fields()) {
      if (!typed.has(field.id)) continue;
      const { value, isHere } = typed.get(field.id);
      typed.delete(field.id);
      field.value = value;
      const save = () => field.dispatchEvent(new Event("change", { bubbles: true }));
      if (isHere) {
        field.focus();
        field.addEventListener("blur", save, { once: true });
      } else {
        setTimeout(save); // once htmx has taken up the row
      }
    }
  }

  handleEvent() {
    this.sent = new Map(this.#fields().map((field) => [field.id, field.value]));
    this.addEventListener("focusin", ({ target }) => { this.focused = target.id; });
    this.focused = document.activeElement?.id;
  }

  disconnectedCallback() {
    for (const field of this.#fields()) {
      if (this.sent && field.value !== this.sent.get(field.id)) {
        typed.set(field.id, { value: field.value, isHere: field.id === this.focused && document.hasFocus() });
      }
    }
  }

  #fields() { return [...this.querySelectorAll("input[id]:not([type=hidden])")]; }
});
