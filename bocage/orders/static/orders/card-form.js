// The fields are Stripe's own frames; without JavaScript the page says how else to pay. Coming back completes nothing: the
// order is completed by what Stripe tells the server.
customElements.define("card-form", class extends HTMLElement {
  connectedCallback() {
    const { key, account, secret, back } = this.dataset;
    const stripe = window.Stripe(key, account ? { stripeAccount: account } : {});
    const card = stripe.elements().create("card");
    card.mount(this.querySelector("[data-card]"));
    const form = this.querySelector("form"), said = this.querySelector("[data-said]"), button = form.querySelector("button");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      said.hidden = true;
      const { error } = await stripe.confirmCardPayment(secret, { payment_method: { card } });
      if (!error) return location.assign(back);
      said.textContent = error.message;
      said.hidden = button.disabled = false;
    });
  }
});
