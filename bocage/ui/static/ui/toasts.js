/** Announce a sentence in the page's live region. tone: "" or "error". */
export function tell(sentence, tone = "") {
  const note = Object.assign(document.createElement("toast-note"), { className: "toast" });
  note.dataset.tone = tone;
  note.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  document.getElementById("toasts").append(note);
}

// A server may announce something with HX-Trigger: {"tell": "…"}.
document.addEventListener("tell", ({ detail }) => tell(detail.value ?? detail));
