/** An import goes on by itself while its page is open. Without this script, one presses “Continue”. */
(() => {
  const box = document.querySelector("[data-import]");
  if (!box) return;
  const form = box.querySelector("form");
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-import-words]");
  const button = form.querySelector("button");
  let failures = 0;

  async function step() {
    const answer = await fetch(form.action || location.href, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { running, done, total, words: said, wait = 0 } = await answer.json();
    if (total) {
      bar.max = total;
      bar.value = done;
    }
    words.textContent = said;
    if (running && wait) await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    return running;
  }

  async function go() {
    button.hidden = true;
    for (;;) {
      try {
        if (!(await step())) break;
        failures = 0;
      } catch {
        failures += 1;
        if (failures > 4) {
          button.hidden = false;
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 2000 * failures));
      }
    }
    location.assign(box.dataset.doneUrl);
  }

  go();
})();
