// Around a form whose fields are saved one by one: what is typed while a save is under way stays, and is saved next.
// Without it the fields are saved with the button beside them.
customElements.define("keep-typing", class extends HTMLElement {
  #sent = new Map();

  connectedCallback() {
    this.addEventListener("htmx:beforeSend", this);
    this.addEventListener("htmx:beforeOnLoad", this);
  }

  handleEvent(event) {
    if (event.type === "htmx:beforeSend") this.#sent = this.#typed();
    else if (this.#hasMore()) this.#take(event);
  }

  #take(event) {
    const { status, responseText } = event.detail.xhr, answer = document.createElement("template");
    answer.innerHTML = responseText;
    const fresh = answer.content.querySelector("keep-typing form");
    if (!fresh) return; // the row is gone
    event.preventDefault();
    if (status !== 200) return; // refused: the next save is refused as well, and shown
    for (const { name, value } of fresh.querySelectorAll("input")) {
      const field = this.#form.elements[name];
      if (field.value === this.#sent.get(name)) field.value = field.defaultValue = value;
    }
    this.#sent = new Map(new FormData(fresh));
  }

  #hasMore() {
    return [...this.#typed()].some(([name, value]) => value !== this.#sent.get(name));
  }

  #typed() { return new Map(new FormData(this.#form)); }

  get #form() { return this.querySelector("form"); }
});
