// Words separated by commas: proposes the known ones for the word being written, not for the whole list.
customElements.define("tags-input", class extends HTMLElement {
  #known = [];

  connectedCallback() {
    this.#known = [...this.querySelectorAll("option")].map(({ value }) => value);
    this.addEventListener("input", this);
    this.addEventListener("focusin", this);
  }

  handleEvent() {
    const written = this.querySelector("input").value.split(",").slice(0, -1).map((word) => word.trim()).filter(Boolean);
    const before = written.map((word) => `${word}, `).join("");
    const options = this.#known.filter((word) => !written.includes(word)).map((word) => new Option("", before + word));
    this.querySelector("datalist").replaceChildren(...options);
  }
});
