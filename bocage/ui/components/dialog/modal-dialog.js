// Shows the content of a <details> in a modal <dialog>; without this module it opens in place.
customElements.define("modal-dialog", class extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details");
    this.sheet = this.querySelector(".modal__sheet");
    this.dialog ??= this.#dialog();
    this.querySelector("summary").addEventListener("click", this);
    if (this.details.open) this.#open();
  }

  handleEvent(event) {
    event.preventDefault();
    this.#open();
  }

  #open() {
    this.details.open = false;
    this.dialog.replaceChildren(this.#closer(), this.sheet);
    this.dialog.showModal();
  }

  #dialog() {
    const dialog = document.createElement("dialog");
    dialog.className = "modal__dialog";
    dialog.setAttribute("aria-label", this.dataset.title);
    dialog.addEventListener("close", () => this.details.append(this.sheet));
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    return this.appendChild(dialog);
  }

  #closer() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "modal__close";
    button.innerHTML = '<span class="icon" data-icon="x" aria-hidden="true"></span>';
    button.append(Object.assign(document.createElement("span"), { textContent: this.dataset.close }));
    button.addEventListener("click", () => this.dialog.close());
    return button;
  }
});
