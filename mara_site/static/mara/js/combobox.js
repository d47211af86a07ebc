/**
 * A text field that suggests while one types (ARIA 1.2 combobox with a list). The field works without this file.
 *
 *   <input data-combobox="{% static 'mara/js/combobox.js' %}" data-source="/communes/?q="
 *          data-list-label="Communes" data-one="1 proposition" data-many="{n} propositions" data-submit>
 *
 * The source answers {"results": [{"value", "label", "detail"?, "href"?}]}. Choosing writes `value` in the field, then
 * follows `href` when there is one, or sends the form where the field has `data-submit`.
 * From a script: enhance(input, { source: async (text, signal) => [{ value, label }], choose: (option) => {} }).
 */

const DELAY = 120; // ms without typing before asking
const SHORTEST = 2;
let count = 0;

/** Ask an address for suggestions; an answer that fails is no suggestion at all. */
function fetching(address) {
  return async (text, signal) => {
    const answer = await fetch(address + encodeURIComponent(text), { signal, credentials: "omit" });
    return answer.ok ? (await answer.json()).results : [];
  };
}

/** One line of the list: the name, and a quieter detail. */
function line(option, id) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const label = document.createElement("span");
  label.textContent = option.label;
  item.append(label);
  if (option.detail) {
    const detail = document.createElement("span");
    detail.className = "suggestions__detail";
    detail.textContent = option.detail;
    item.append(detail);
  }
  return item;
}

/**
 * @param {HTMLInputElement} input
 * @param {{source?: (text: string, signal: AbortSignal) => Promise<object[]>, choose?: (option: object) => void}} [options]
 */
export function enhance(input, { source = fetching(input.dataset.source), choose } = {}) {
  if (input.getAttribute("role") === "combobox") return;
  const id = `suggestions-${(count += 1)}`;
  const box = document.createElement("div");
  box.className = "combobox";
  input.before(box);
  const list = document.createElement("ul");
  list.id = id;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.listLabel || "");
  const status = document.createElement("span");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  box.append(input, list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", id);
  input.autocomplete = "off";

  let options = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    status.textContent = "";
  }

  function mark(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const item = list.children[active];
    if (!item) return input.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", item.id);
  }

  function show(found) {
    options = found;
    list.replaceChildren(...found.map((option, index) => line(option, `${id}-${index}`)));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    const words = found.length === 1 ? input.dataset.one : input.dataset.many;
    status.textContent = found.length && words ? words.replace("{n}", found.length) : "";
  }

  function take(option) {
    input.value = option.value;
    close();
    if (choose) choose(option);
    else if (option.href) window.location.assign(option.href);
    else if ("submit" in input.dataset) input.form?.requestSubmit();
  }

  async function ask() {
    const text = input.value.trim();
    asking?.abort();
    if (text.length < SHORTEST) return close();
    const mine = (asking = new AbortController());
    try {
      const found = await source(text, mine.signal);
      if (!mine.signal.aborted && document.activeElement === input) show(found);
    } catch {
      if (!mine.signal.aborted) close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return void ask();
      const last = options.length - 1;
      if (event.key === "ArrowDown") mark(active >= last ? 0 : active + 1);
      else mark(active <= 0 ? last : active - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(options[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  // Before the field loses the focus, which would close the list.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) take(options[[...list.children].indexOf(item)]);
  });
}
