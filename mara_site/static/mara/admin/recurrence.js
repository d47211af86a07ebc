// Hides the choices of a recurrence that do not concern the frequency chosen. Without it, all of them show.
function follow(box) {
  const frequency = box.querySelector("select");
  const update = () => {
    for (const part of box.querySelectorAll("[data-for]")) {
      part.hidden = !part.dataset.for.split(" ").includes(frequency.value);
    }
  };
  frequency.addEventListener("change", update);
  update();
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-recurrence]").forEach(follow);
});
