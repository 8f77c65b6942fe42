// Closes an open menu on Escape or on a press elsewhere; without it, pressing its button again does.
customElements.define("pop-menu", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() { document.removeEventListener("click", this); }

  handleEvent({ type, key, target }) {
    const details = this.querySelector("details");
    if (type === "keydown" && key === "Escape" && details.open) {
      details.open = false;
      details.querySelector("summary").focus();
    }
    if (type === "click" && !this.contains(target)) details.open = false;
  }
});
