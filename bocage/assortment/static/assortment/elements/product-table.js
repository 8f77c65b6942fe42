// A table whose cells are edited in place: arrows move, Enter or a letter edits, Tab goes on, Escape takes back, and each
// cell is saved as it is left. Without this module every row has its link to a plain form.
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

customElements.define("product-table", class extends HTMLElement {
  #undos = [];
  #saving = 0;

  connectedCallback() {
    this.table = this.querySelector("table");
    this.table.setAttribute("role", "grid");
    this.table.setAttribute("aria-describedby", "grid-hint");
    this.hint = Object.assign(document.createElement("span"), { id: "grid-hint", className: "visually-hidden", textContent: this.dataset.hintEdit });
    this.append(this.hint);
    for (const type of ["keydown", "dblclick", "click", "focusin", "focusout"]) this.table.addEventListener(type, this);
    this.undo = this.querySelector("[data-undo]");
    this.undo.addEventListener("click", () => this.#takeBack());
    this.said = this.querySelector("[data-said]");
    this.#undos = JSON.parse(this.dataset.undos || "[]").filter(({ id }) => document.getElementById(id));
    this.undo.hidden = this.#undos.length === 0;
    this.#prepare(this.table);
    const first = this.table.querySelector("td[data-edit]");
    if (first) first.tabIndex = 0;
    this.leaving = (event) => this.#isUnsaved && event.preventDefault();
    addEventListener("beforeunload", this.leaving);
  }

  disconnectedCallback() { removeEventListener("beforeunload", this.leaving); }

  handleEvent(event) {
    const cell = event.target.closest("td");
    if (event.type === "keydown") return this.#key(event, cell);
    if (event.type === "dblclick") return this.#edit(cell);
    if (event.type === "click") return this.#press(event, cell);
    if (event.type === "focusin" && cell) return this.#stand(cell);
    if (event.type === "focusout" && this.editor?.contains(event.target)) this.#leave();
  }

  // ── Where one stands ──
  #prepare(root) {
    for (const cell of root.querySelectorAll("td[data-column]")) if (!cell.hasAttribute("tabindex")) cell.tabIndex = -1;
  }

  #stand(cell) {
    this.table.querySelector("td[tabindex='0']")?.setAttribute("tabindex", "-1");
    if (cell.dataset.column) cell.tabIndex = 0;
  }

  #move(cell, [down, across]) {
    const row = cell.parentElement;
    const cells = [...row.querySelectorAll("td[data-column]")];
    const rows = [...this.table.tBodies[0].rows];
    const to = rows[rows.indexOf(row) + down]?.querySelectorAll("td[data-column]")[cells.indexOf(cell) + across];
    to?.focus();
    to?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return to;
  }

  #next(cell, step) {
    const cells = [...this.table.querySelectorAll("td[data-edit]")];
    return cells[cells.indexOf(cell) + step];
  }

  // ── Keys and presses ──
  #key(event, cell) {
    if (!cell?.dataset.column) return;
    if (this.editor) return this.#keyInEditor(event, cell);
    if (event.target !== cell) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") { event.preventDefault(); return this.#takeBack(); }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS[event.key]) { event.preventDefault(); this.#move(cell, ARROWS[event.key]); }
    else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      [...cell.parentElement.querySelectorAll("td[data-column]")].at(event.key === "Home" ? 0 : -1).focus();
    } else if (event.key === "Escape" && cell.dataset.state) this.#restore(cell);
    else if (event.key === "Enter" || event.key === "F2") { event.preventDefault(); this.#edit(cell); }
    else if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); this.#edit(cell, ""); }
    else if (event.key === " " && cell.dataset.column === "for_sale") { event.preventDefault(); this.#toggle(cell); }
    else if (event.key.length === 1 && event.key !== " ") { event.preventDefault(); this.#edit(cell, event.key); }
  }

  #keyInEditor(event, cell) {
    if (event.key === "Escape") { event.preventDefault(); this.#close(); this.#shown(cell).focus(); }
    if (event.key === "Enter") { event.preventDefault(); this.#commit(); (this.#move(this.#shown(cell), [event.shiftKey ? -1 : 1, 0]) ?? this.#shown(cell)).focus(); }
    if (event.key === "Tab") {
      const next = this.#next(cell, event.shiftKey ? -1 : 1);
      this.#commit();
      if (next) { event.preventDefault(); this.#shown(next).focus(); }
    }
  }

  #press(event, cell) {
    const choice = event.target.closest(".cell-choice button");
    if (choice) return choice.value === "mine" ? this.#save(cell, cell.dataset.typed) : this.#save(cell, cell.dataset.kept);
    if (!cell?.dataset.edit && cell?.dataset.edit !== "") return;
    if (!this.editor && matchMedia("(pointer: coarse)").matches) this.#edit(cell);
    else if (!this.editor) cell.focus();
  }

  // ── The editor ──
  #edit(cell, text) {
    if (!cell || cell.dataset.edit === undefined || this.editor || cell.dataset.state === "saving") return;
    this.before = cell.innerHTML;
    this.editing = cell;
    const list = this.querySelector(`template[data-choices="${cell.dataset.column}"]`);
    const editor = list ? list.content.firstElementChild.cloneNode(true) : Object.assign(document.createElement("input"), { className: "input", type: "text", autocomplete: "off" });
    editor.value = list ? cell.dataset.typed : text ?? cell.dataset.typed;
    const heading = this.table.tHead.rows[0].cells[cell.cellIndex];
    editor.setAttribute("aria-label", `${heading.textContent}, ${cell.parentElement.cells[0].textContent.trim()}`);
    if (cell.classList.contains("num")) editor.inputMode = "decimal";
    if (cell.dataset.column === "stock") editor.inputMode = "text";
    if (heading.dataset.hint && !list) editor.placeholder = editor.title = heading.dataset.hint;
    this.editor = editor;
    cell.replaceChildren(editor);
    cell.dataset.editing = "";
    editor.focus();
    if (!list && text === undefined) editor.select();
  }

  #close() {
    const { editing, before } = this;
    this.editor = null;
    editing.innerHTML = before;
    delete editing.dataset.editing;
  }

  #leave() {
    // Focus that goes nowhere else yet (a click outside) also saves; wait until the browser knows where it went.
    setTimeout(() => this.editor && !this.editor.matches(":focus") && this.#commit());
  }

  #commit() {
    const { editing: cell, editor } = this, text = editor.value.trim();
    this.#close();
    if (text !== cell.dataset.typed || cell.dataset.state) this.#save(cell, text);
  }

  #toggle(cell) {
    if (cell.dataset.edit !== undefined) this.#save(cell, cell.dataset.typed === "yes" ? "no" : "yes");
  }

  // ── Saving and taking back ──
  async #save(cell, text, { isUndo = false } = {}) {
    const { id, dataset: { column, seen, typed, kept } } = cell;
    const label = column in this.#names ? this.#names[column].get(text) ?? text : text;
    const old = cell.dataset.state ? kept : typed;
    cell.replaceChildren(Object.assign(document.createElement("span"), { className: "cell-text", textContent: label }));
    cell.dataset.state = "saving";
    cell.dataset.kept = old;
    this.#saving += 1;
    const body = new FormData();
    for (const [name, value] of Object.entries({ column, text, seen, undo: isUndo ? "1" : "" })) body.append(name, value);
    const headers = { "X-CSRFToken": this.querySelector("[name=csrfmiddlewaretoken]").value, "HX-Request": "true" };
    const url = this.dataset.url.replace("/0/", `/${cell.parentElement.dataset.row}/`);
    try {
      const answer = await fetch(url, { method: "POST", body, headers });
      if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
      this.#show(await answer.text());
      if (answer.ok) this.#saved(id, old, isUndo);
    } catch (error) {
      this.#fail(cell, text, old, /^\d/.test(error.message) ? this.dataset.broken : this.dataset.offline);
    } finally {
      this.#saving -= 1;
    }
  }

  #show(html) {
    const { content } = Object.assign(document.createElement("template"), { innerHTML: html });
    const note = content.querySelector("table")?.dataset.note;
    if (note) import("ui/toasts").then(({ tell }) => tell(note));
    for (const fresh of content.querySelectorAll("td")) {
      const cell = document.getElementById(fresh.id);
      if (!cell || cell === this.editing && this.editor) continue;
      const { activeElement } = document, isHere = activeElement === cell || cell.contains(activeElement);
      fresh.tabIndex = cell.tabIndex;
      cell.replaceWith(fresh);
      if (isHere) fresh.focus();
      if (fresh.dataset.column === "for_sale") fresh.parentElement.toggleAttribute("data-off", fresh.dataset.tone === "attention");
    }
  }

  #saved(id, old, isUndo) {
    const cell = document.getElementById(id), fresh = cell.dataset.typed;
    if (old === fresh) return;
    if (!isUndo) this.#undos.push({ id, old });
    this.undo.hidden = this.#undos.length === 0;
    const words = isUndo ? this.dataset.undone : this.dataset.saved;
    this.said.textContent = words.replace("{new}", this.#named(cell, fresh)).replace("{old}", this.#named(cell, old));
  }

  #takeBack() {
    const last = this.#undos.pop();
    if (!last) return;
    const cell = document.getElementById(last.id);
    this.undo.hidden = this.#undos.length === 0;
    if (cell) { cell.focus(); this.#save(cell, last.old, { isUndo: true }); }
  }

  #fail(cell, text, old, words) {
    cell.dataset.state = "failed";
    cell.dataset.typed = text;
    cell.dataset.kept = old;
    const error = Object.assign(document.createElement("span"), { className: "cell-error", textContent: words });
    error.setAttribute("role", "alert");
    cell.append(error);
  }

  #restore(cell) { this.#save(cell, cell.dataset.kept); }

  #shown(cell) { return document.getElementById(cell.id) ?? cell; }

  #named(cell, value) { return this.#names[cell.dataset.column]?.get(value) || value || this.dataset.empty; }

  get #names() {
    return this.names ??= Object.fromEntries([...this.querySelectorAll("template[data-choices]")].map((one) => [
      one.dataset.choices, new Map([...one.content.querySelectorAll("option")].map((option) => [option.value, option.textContent]))]));
  }

  get #isUnsaved() { return this.#saving > 0 || this.editor || this.querySelector("td[data-state='failed'], td[data-state='changed']"); }
});
