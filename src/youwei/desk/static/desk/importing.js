// A file may be dropped anywhere on the marked box; without script the file field itself takes it.
(() => {
  "use strict";

  document.querySelectorAll("[data-drop]").forEach((box) => {
    const field = box.querySelector('input[type="file"]');
    const over = (event) => {
      event.preventDefault();
      box.classList.add("is-over");
    };
    box.addEventListener("dragenter", over);
    box.addEventListener("dragover", over);
    box.addEventListener("dragleave", (event) => {
      if (!box.contains(event.relatedTarget)) box.classList.remove("is-over");
    });
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("is-over");
      if (event.dataTransfer && event.dataTransfer.files.length) {
        field.files = event.dataTransfer.files;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  });
})();
