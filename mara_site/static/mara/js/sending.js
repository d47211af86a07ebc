/**
 * A form whose sending fails stays as it is, and says so: it is sent from the page, which is left only once the text is
 * kept. Without this file the browser sends it, and going back shows what was typed.
 *
 * For Wagtail's editing forms and whatever has data-keep-typed. The words are in <template id="mara-not-sent">.
 */
const FORMS = "form[data-edit-form], form[data-keep-typed]";
// The site answers 204 with the address where it would have led (mara_site.middleware.KeepTypedMiddleware).
const ASKED = "X-Keep-Typed";
const LONGEST = 70_000; // milliseconds, a little more than the front server's patience

/** Whether an answer is a failure of ours, or a refusal that a page cannot show in the form. */
const failed = (response) => response.status >= 500 || response.status === 413;

function goTo(address) {
  const there = new URL(address, location.href);
  const isHere = there.pathname === location.pathname && there.search === location.search;
  location.assign(there);
  if (isHere && there.hash) location.reload(); // to a part of the same page, browsers only scroll
}

/** What the answer says in its own words, if it is a page of ours. */
async function reasonOf(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("main h1")?.textContent.trim();
}

function tell(form, reason) {
  clear(form);
  const notice = document.querySelector("#mara-not-sent").content.cloneNode(true).firstElementChild;
  if (reason) notice.querySelector("[data-reason]").textContent = `${reason}.`;
  form.before(notice);
  notice.focus();
}

function clear(form) {
  const before = form.previousElementSibling;
  if (before?.matches("[data-not-sent]")) before.remove();
}

/** Wagtail took the form for sent: its buttons wait, and leaving would not be warned about any more. */
function wakeUp(form) {
  for (const button of document.querySelectorAll("[data-w-progress-loading-value='true']")) {
    button.dataset.wProgressLoadingValue = "false";
  }
  if ("wUnsavedConfirmationValue" in form.dataset) form.dataset.wUnsavedConfirmationValue = "true";
}

async function send(form, submitter, body) {
  try {
    const options = { method: "POST", body, headers: { [ASKED]: "1", Accept: "text/html" } };
    // Not form.action: a field may be called so.
    const address = submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href;
    const response = await fetch(address, { ...options, signal: AbortSignal.timeout(LONGEST) });
    if (response.status === 204) return goTo(response.headers.get(ASKED));
    if (!failed(response)) {
      // Something to correct: nothing was kept, and the browser shows the page that says what.
      form.dataset.sending = "as usual";
      if (submitter) submitter.disabled = false;
      return form.requestSubmit(submitter);
    }
    tell(form, await reasonOf(response));
  } catch {
    tell(form);
  }
  delete form.dataset.sending;
  wakeUp(form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches(FORMS) || form.dataset.sending === "as usual") return;
  event.preventDefault();
  if (form.dataset.sending) return; // a second click
  form.dataset.sending = "now";
  clear(form);
  send(form, event.submitter, new FormData(form, event.submitter));
});

// Come back to by the browser's own arrow: it may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll(FORMS)) delete form.dataset.sending;
});
