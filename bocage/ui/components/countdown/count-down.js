// Keeps a countdown true while the page stays open; without it the page shows what was left when it was made.
customElements.define("count-down", class extends HTMLElement {
  connectedCallback() {
    this.#show();
    this.timer = setInterval(() => this.#show(), 20_000);
  }

  disconnectedCallback() { clearInterval(this.timer); }

  #show() {
    const minutes = Math.max(Math.floor((new Date(this.dataset.until) - Date.now()) / 60_000), 0);
    const parts = [[Math.floor(minutes / 1440), "day"], [Math.floor(minutes / 60) % 24, "hour"], [minutes % 60, "minute"]];
    const first = Math.max(parts.findIndex(([count]) => count), 0);
    this.querySelector(".countdown__left").replaceChildren(...parts.slice(first).flatMap(([count, unit]) => this.#part(count, unit)));
    const bar = this.querySelector("progress"), opened = new Date(this.dataset.opened);
    if (bar) bar.value = 1000 * (Date.now() - opened) / (new Date(this.dataset.until) - opened);
  }

  #part(count, unit) {
    const small = document.createElement("small");
    small.textContent = this.dataset[unit];
    return [`${count}\u00a0`, small];
  }
});
