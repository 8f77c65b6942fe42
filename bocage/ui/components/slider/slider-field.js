// Keeps the number and what is drawn the same. The number is the truth: it is what the form sends and what one hears.
customElements.define("slider-field", class extends HTMLElement {
  connectedCallback() { this.addEventListener("input", this); }
  handleEvent({ target }) {
    const drawn = this.querySelector(".slider__draw"), number = this.querySelector(".field input");
    if (target === drawn) {
      number.value = drawn.value;
      number.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (target === number) {
      drawn.value = number.value;
    }
  }
});
