// Wakes what a page needs and nothing more: each custom element's module by its own name, htmx where the page uses it.
const asleep = new Set();

function wake(root) {
  for (const { localName } of root.querySelectorAll(":not(:defined)")) {
    if (asleep.has(localName)) continue;
    asleep.add(localName);
    import(localName).catch((error) => console.error(`no module for <${localName}>`, error));
  }
}

wake(document);
new MutationObserver((changes) => changes.some(({ addedNodes }) => addedNodes.length) && wake(document))
  .observe(document.body, { childList: true, subtree: true });

// Whoever typed before htmx came to a field is not left waiting.
function searchWhatWasTyped(root) {
  for (const field of root.querySelectorAll("input[type=search]")) {
    if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

let isParsed = false;
document.addEventListener("DOMContentLoaded", () => { isParsed = true; }, { once: true });

if (document.querySelector("[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete], [hx-boost]")) {
  const { default: htmx } = await import("htmx");
  window.htmx = htmx;
  // htmx waits for this event; arriving after it and before the last picture, it would wait for ever.
  if (isParsed && document.readyState === "interactive") document.dispatchEvent(new Event("DOMContentLoaded"));
  searchWhatWasTyped(document);
}

document.querySelector("[data-focus]")?.focus();

// On a phone a row of tabs is wider than the page: show the one we are on.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.parentElement;
  const peek = 48;
  row.scrollLeft = tab.offsetLeft + tab.offsetWidth + peek - row.offsetLeft - row.clientWidth;
}

addEventListener("click", ({ target }) => {
  const link = target.closest?.("[data-open-details]");
  if (link) document.querySelector(link.hash).open = true;
});

document.addEventListener("htmx:load", ({ target }) => target !== document.body && searchWhatWasTyped(target));
document.addEventListener("htmx:afterSwap", ({ target }) => target.querySelector("[data-focus]")?.focus());
document.addEventListener("htmx:sendError", () => import("ui/toasts").then(({ tell }) => tell(document.documentElement.lang === "fr"
  ? "Pas de réseau : rien n’a été envoyé. Réessayez."
  : "No network: nothing was sent. Please try again.", "error")));
