/* “Proposer une correction” in place: the small page's form opens in a dialog, so that what is being typed on the
 * screen of answers stays there. Without this script, the link opens the small page. */
const IN_PLACE = { "X-Requested-With": "in-place" };

async function form(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const part = page.querySelector("[data-correct-form]");
  if (!part) throw new Error("no form");
  return { part, title: page.querySelector("h1").textContent };
}

function shown(dialog, { part, title }) {
  const heading = document.createElement("h2");
  heading.id = "mara-correct-title";
  heading.textContent = title;
  dialog.replaceChildren(heading, part);
  part.querySelector("[data-correct-close]").addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
}

/* What was typed, with what is to be put right: it is read out first, and seen. */
function refused(dialog, found) {
  shown(dialog, found);
  const said = found.part.querySelector("[role=alert], .help-critical, .error-message, [aria-invalid]") || found.part;
  said.tabIndex = -1;
  said.focus();
}

function send(dialog, link) {
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = dialog.querySelector("button[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    try {
      const response = await fetch(link.href, { method: "POST", headers: IN_PLACE, body: new FormData(event.target) });
      if (!response.ok) return refused(dialog, await form(response));
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const part = page.querySelector("[data-correct]");
      if (!part) throw new Error("no answer");
      link.closest("[data-correct]").replaceWith(part);
      dialog.close();
      part.querySelector("a").focus();
    } catch {
      button.disabled = false;
      event.target.action = link.href;
      event.target.target = "_blank";
      event.target.submit();
    }
  });
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-correct-open]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const dialog = document.createElement("dialog");
  dialog.className = "mara-correct-dialog";
  dialog.setAttribute("aria-labelledby", "mara-correct-title");
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (link.isConnected) link.focus();
  });
  try {
    const response = await fetch(link.href);
    if (!response.ok) throw new Error(response.status);
    shown(dialog, await form(response));
  } catch {
    window.open(link.href);
    return;
  }
  document.body.append(dialog);
  send(dialog, link);
  dialog.showModal();
});
