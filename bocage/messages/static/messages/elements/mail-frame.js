// A mail as tall as it is, so that one scrolls the page and nothing inside it; without this its frame keeps one height.
customElements.define("mail-frame", class extends HTMLElement {
  connectedCallback() {
    this.frame = this.querySelector("iframe");
    this.observer = new ResizeObserver(() => this.fit());
    this.frame.addEventListener("load", this);
    if (this.mail?.readyState === "complete") this.handleEvent();
  }

  disconnectedCallback() {
    this.observer.disconnect();
  }

  get mail() {
    return this.frame.contentDocument;
  }

  handleEvent() {
    this.observer.disconnect();
    this.observer.observe(this.mail.documentElement);
  }

  fit() {
    const edges = this.frame.offsetHeight - this.frame.clientHeight;
    this.frame.style.blockSize = `${Math.ceil(this.mail.documentElement.getBoundingClientRect().height) + edges}px`;
  }
});
