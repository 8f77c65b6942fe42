// Two buttons beside a number field; without this module it is still a number field.
customElements.define("quantity-stepper", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
    this.addEventListener("input", this);
    this.#mark();
  }

  handleEvent({ type, target }) {
    const direction = Number(target.closest("button")?.value);
    if (type === "click" && direction) this.#step(direction);
    this.#mark();
  }

  #step(direction) {
    const input = this.#input;
    direction > 0 ? input.stepUp() : input.stepDown();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #mark() {
    const { value, min, max } = this.#input, [less, more] = this.querySelectorAll("button");
    less.disabled = min !== "" && Number(value) <= Number(min);
    more.disabled = max !== "" && Number(value) >= Number(max);
  }

  get #input() { return this.querySelector("input"); }
});
