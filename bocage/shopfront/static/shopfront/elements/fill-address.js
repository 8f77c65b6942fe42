// A kept address that fills the fields of the form when it is chosen; without this module people write it.
customElements.define("fill-address", class extends HTMLElement {
  connectedCallback() {
    const button = Object.assign(document.createElement("button"), { type: "button", className: this.className, textContent: this.textContent });
    button.addEventListener("click", () => {
      for (const [name, value] of Object.entries(this.dataset)) button.form.elements[name].value = value;
    });
    this.replaceWith(button);
  }
});
