// Keeps the reader's choice of light or dark in this browser; without it the system's choice holds.
customElements.define("theme-switch", class extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    const chosen = localStorage.getItem("theme") ?? "";
    for (const input of this.querySelectorAll("input")) input.checked = input.value === chosen;
    this.addEventListener("change", this);
  }

  handleEvent({ target }) {
    localStorage.setItem("theme", target.value);
    if (target.value) document.documentElement.dataset.theme = target.value;
    else delete document.documentElement.dataset.theme;
  }
});
