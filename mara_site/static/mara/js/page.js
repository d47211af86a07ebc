/**
 * Small comforts, all optional: every page works without this file.
 * One attribute, one behaviour: data-print, data-combobox, data-map, data-map-note, data-find, data-scripted.
 */

/** A button that prints the page; hidden in the HTML, shown when it can work. */
function printButtons() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

/** What leads to something that only works with JavaScript. */
function scripted() {
  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
}

/** The map of points: its code and its tiles are fetched on request only. */
function maps() {
  for (const box of document.querySelectorAll("[data-map]")) {
    const button = box.querySelector("button");
    if (!button) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const { showMap } = await import(box.dataset.map);
        await showMap(box);
        button.hidden = true;
      } catch {
        button.disabled = false;
        box.querySelector("[data-map-error]").hidden = false;
      }
    });
  }
}

/** Under the map of France, the name of the département under the pointer. */
function mapNotes() {
  const note = document.querySelector("[data-map-note]");
  if (!note) return;
  const usual = note.textContent;
  document.querySelector(".france")?.addEventListener("pointerover", (event) => {
    const title = event.target.closest?.(".dept")?.querySelector("title");
    note.textContent = title ? title.textContent : usual;
  });
}

/** Fields that suggest while one types: their code is fetched when the field is entered. */
function comboboxes() {
  for (const input of document.querySelectorAll("input[data-combobox]")) {
    const begin = async () => {
      const { enhance } = await import(input.dataset.combobox);
      const focused = document.activeElement === input;
      enhance(input);
      if (focused) input.focus(); // moving a node takes the focus away
    };
    if (document.activeElement === input) begin();
    else input.addEventListener("focus", begin, { once: true });
  }
}

/** The search field of a phone's header: ready to type in as soon as it is opened. */
function findField() {
  const find = document.querySelector("details[data-find]");
  find?.addEventListener("toggle", () => find.open && find.querySelector("input").focus());
}

printButtons();
findField();
comboboxes();
maps();
mapNotes();
scripted();
