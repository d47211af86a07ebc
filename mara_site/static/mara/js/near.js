/**
 * "My groupement", on the national pages: found from a position, kept on this device, shown at the top.
 *
 * What is kept is the groupement's code and its last public description, in localStorage: nothing is sent with
 * requests, and nobody else reads it. Every page works without this file.
 */

const KEY = "mara.groupement";

/** The groupement kept on this device, or null (also where the browser refuses to keep anything). */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return found && typeof found.code === "string" ? found : null;
  } catch {
    return null;
  }
}

/** Keep a groupement; tell whether the browser accepts to. */
function keep(groupement) {
  try {
    localStorage.setItem(KEY, JSON.stringify(groupement));
    return true;
  } catch {
    return false;
  }
}

function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing could be kept there either.
  }
  document.querySelector(".near")?.remove();
}

/** Fetch the public description of a groupement; null when it is gone. Throws when the network does not answer. */
async function describe(code) {
  const template = document.getElementById("near");
  const address = template.dataset.address.replace("code.json", `${encodeURIComponent(code)}.json`);
  const answer = await fetch(address, { credentials: "omit" });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** The same page in the subsite of a groupement, when it opens there too. */
function samePage(mine, base) {
  const path = location.pathname;
  if (!path.startsWith(base)) return "";
  const relative = path.slice(base.length);
  return mine.sections?.includes(relative.split("/")[0]) ? mine.url + relative + location.search : "";
}

/** An address that may be put in a link: of the web, or a telephone. */
const safe = (href) => (/^(https?:|tel:)/.test(href || "") ? href : "");

function show(mine) {
  const template = document.getElementById("near");
  const bar = template.content.firstElementChild.cloneNode(true);
  bar.classList.add(`tone-${mine.accent}`);
  const part = (name) => bar.querySelector(`[data-near="${name}"]`);
  const fill = (name, href, text) => {
    if (!safe(href)) return;
    const node = part(name);
    const link = node.matches("a") ? node : node.querySelector("a");
    link.href = href;
    if (text) link.textContent = text;
    node.hidden = false;
  };
  fill("home", mine.url, mine.name);
  fill("same", samePage(mine, template.dataset.base));
  fill("phone", mine.phone?.href, mine.phone?.label);
  fill("event", mine.event?.href, mine.event && `${mine.event.title}, ${mine.event.when}`);
  part("note").textContent = mine.note || "";
  part("note").hidden = !mine.note;
  part("forget").addEventListener("click", () => {
    forget();
    document.getElementById("contenu")?.focus();
  });
  const old = document.querySelector(".near");
  if (old) old.replaceWith(bar);
  else document.querySelector(".site-header")?.after(bar);
}

/** At once with what is kept, then with what is new: a page never waits for it. */
async function start() {
  const mine = kept();
  if (!mine) return;
  show(mine);
  try {
    const fresh = await describe(mine.code);
    if (!fresh) return forget();
    if (JSON.stringify(fresh) === JSON.stringify(mine)) return;
    keep(fresh);
    if (!document.querySelector(".near")?.contains(document.activeElement)) show(fresh);
  } catch {
    // Offline: what was kept is shown.
  }
}

/** "Keep as my groupement", under the finder's answer. */
function keepButtons() {
  for (const box of document.querySelectorAll("[data-keep]")) {
    box.hidden = false;
    const button = box.querySelector("button");
    // From a groupement's own home, which cannot keep anything for these pages: what to press is under one's finger.
    // Nothing has this name: the browser would take the focus away once it has scrolled there.
    if (location.hash === "#retenir") {
      box.closest(".match").scrollIntoView();
      button.focus();
    }
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const mine = await describe(box.dataset.keep);
        if (mine && keep(mine)) {
          show(mine);
          box.querySelector("[role=status]").textContent = box.dataset.kept;
        }
      } finally {
        button.disabled = false;
      }
    });
  }
}

/** "Use my position": rounded to about a kilometre, sent to this site only, which answers a commune and keeps nothing. */
function positions() {
  if (!navigator.geolocation || !window.isSecureContext) return;
  for (const box of document.querySelectorAll("[data-position]")) {
    const form = box.closest("form");
    const field = form.querySelector("input[name=q]");
    const status = box.querySelector("[role=status]");
    box.hidden = false;
    const fail = () => (status.textContent = box.dataset.failed);
    box.querySelector("button").addEventListener("click", () => {
      status.textContent = box.dataset.searching;
      navigator.geolocation.getCurrentPosition(
        async ({ coords }) => {
          const round = (value) => Math.round(value * 100) / 100;
          try {
            const body = JSON.stringify({ latitude: round(coords.latitude), longitude: round(coords.longitude) });
            const answer = await fetch(box.dataset.position, { method: "POST", body, credentials: "omit" });
            if (!answer.ok) return fail();
            field.value = (await answer.json()).value;
            form.requestSubmit();
          } catch {
            fail();
          }
        },
        fail,
        { maximumAge: 600000, timeout: 10000 },
      );
    });
  }
}

start();
keepButtons();
positions();
