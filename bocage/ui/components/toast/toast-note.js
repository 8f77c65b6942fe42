// Gives a message a button that puts it away; it leaves by itself unless it is an error or somebody is reading it.
customElements.define("toast-note", class extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("button")) return;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: this.dataset.close || "OK" });
    button.addEventListener("click", () => this.remove());
    this.append(button);
    if (this.dataset.tone !== "error") this.timer = setInterval(() => this.matches(":hover, :focus-within") || this.remove(), 8000);
  }

  disconnectedCallback() { clearInterval(this.timer); }
});
