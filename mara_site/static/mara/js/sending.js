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
const LONGEST_DRAFT = 15_000; // milliseconds that a draft on its way keeps somebody from sending

const TOKEN = "csrfmiddlewaretoken";

/** Whether an answer is a failure of ours, or a refusal that a page cannot show in the form. */
const failed = (response) => response.status >= 500 || [413, 429].includes(response.status);

const words = () => document.querySelector("#mara-not-sent");

/** Whether an address asks for somebody's proofs: the session ended while they were typing. */
const asksWho = (address) => new URL(address, location.href).pathname.startsWith(words().dataset.account);

const parse = async (response) => new DOMParser().parseFromString(await response.text(), "text/html");

function goTo(address) {
  const there = new URL(address, location.href);
  const isHere = there.pathname === location.pathname && there.search === location.search;
  location.assign(there);
  if (isHere && there.hash) location.reload(); // to a part of the same page, browsers only scroll
}

/** What the answer says in its own words, if it is a page of ours. */
async function reasonOf(response) {
  return (await parse(response)).querySelector("main h1")?.textContent.trim();
}

function tell(form, reason) {
  show(form, "[data-not-sent=failed]").querySelector("[data-reason]").textContent = reason ? `${reason}.` : "";
}

function show(form, which) {
  clear(form);
  const notice = words().content.querySelector(which).cloneNode(true);
  form.before(notice);
  notice.focus();
  return notice;
}

/**
 * Signing in, in another tab too, gives the browser another token: the form's own is refused from then on. Take the
 * one of the same page asked anew; tells whether there is one, and says so if one must sign in first.
 */
async function renew(form, body) {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (asksWho(response.url)) {
    show(form, "[data-not-sent=signed-out]");
    return false;
  }
  const token = (await parse(response)).querySelector(`[name=${TOKEN}]`)?.value;
  if (!token) return false;
  for (const input of form.querySelectorAll(`[name=${TOKEN}]`)) input.value = token;
  body.set(TOKEN, token);
  return true;
}

const isTold = (form) => form.previousElementSibling?.matches("[data-not-sent]");

function clear(form) {
  if (isTold(form)) form.previousElementSibling.remove();
}

/** Wagtail took the form for sent: its buttons wait, and leaving would not be warned about any more. */
function wakeUp(form) {
  for (const button of document.querySelectorAll("[data-w-progress-loading-value='true']")) {
    button.dataset.wProgressLoadingValue = "false";
  }
  if ("wUnsavedConfirmationValue" in form.dataset) form.dataset.wUnsavedConfirmationValue = "true";
}

async function post(form, submitter, body) {
  const options = { method: "POST", body, headers: { [ASKED]: "1", Accept: "text/html" } };
  // Not form.action: a field may be called so.
  const address = submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href;
  return fetch(address, { ...options, signal: AbortSignal.timeout(LONGEST) });
}

/**
 * Wagtail keeps a draft by itself meanwhile, and leaves in the form the version from before it: what is sent would be
 * held for older than the page (regions/admin/conflicts.py), and one person's text be shown to them as two. So the form
 * takes the draft's version; what is sent waits for a draft under way, and none begins while a form is sent.
 */
const drafts = new WeakMap(); // by form, while its draft is under way: what waits for it

function draftIsOver(form) {
  return new Promise((resolve) => {
    if (!drafts.has(form)) return resolve();
    drafts.get(form).push(resolve);
    setTimeout(resolve, LONGEST_DRAFT);
  });
}

window.addEventListener(
  "w-autosave:save",
  (event) => {
    const form = event.target;
    if (!form.matches(FORMS)) return;
    if (!form.dataset.sending) return drafts.set(form, []);
    event.preventDefault();
    event.stopPropagation(); // nor does the page say that it keeps something
  },
  { capture: true },
);

function endDraft({ target: form, detail }) {
  for (const name of ["revision_id", "revision_created_at"]) {
    const loaded = form.elements.namedItem(`loaded_${name}`);
    if (loaded && detail.data?.[name]) loaded.value = detail.data[name];
  }
  for (const goOn of drafts.get(form) ?? []) goOn();
  drafts.delete(form);
}

// Once Wagtail's own listeners have read the answer.
window.addEventListener("w-autosave:success", endDraft);
window.addEventListener("w-autosave:error", endDraft);

async function send(form, submitter) {
  await draftIsOver(form);
  const body = new FormData(form);
  if (submitter?.name) body.append(submitter.name, submitter.value); // it may wait, disabled, since it was pressed
  try {
    let response = await post(form, submitter, body);
    if (response.status === 403 && (await renew(form, body))) response = await post(form, submitter, body);
    const there = response.status === 204 && response.headers.get(ASKED);
    if (there && !asksWho(there)) return goTo(there);
    if (there) show(form, "[data-not-sent=signed-out]");
    else if (failed(response)) tell(form, await reasonOf(response));
    else if (!isTold(form)) {
      // Something to correct: nothing was kept, and the browser shows the page that says what.
      form.dataset.sending = "as usual";
      if (submitter) submitter.disabled = false;
      return form.requestSubmit(submitter);
    }
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
  send(form, event.submitter);
});

// Come back to by the browser's own arrow: it may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll(FORMS)) delete form.dataset.sending;
});
