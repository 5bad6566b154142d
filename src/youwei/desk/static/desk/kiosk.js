// One machine, one voter after the other: nothing of the one before is shown to the next, not by the back button and not by waiting.
(() => {
  "use strict";

  const page = document.querySelector("[data-kiosk]");
  if (!page) return;
  const START = page.dataset.start;
  const DONE_SECONDS = 8;
  const IDLE_SECONDS = 180;
  const leave = () => window.location.replace(START);

  // A page that the browser has kept alive is not shown again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) leave();
  });
  document.querySelectorAll("[data-kiosk-leave]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  });

  if (page.dataset.kiosk === "start") {
    // A code scanned with a phone stands behind the #, which no server sees; it leaves the address line at once.
    const code = document.getElementById("code");
    if (window.location.hash.length > 1) {
      code.value = window.location.hash.slice(1);
      window.history.replaceState(null, "", START);
    }
    code.focus();
  }

  if (page.dataset.kiosk === "ballot") {
    page.addEventListener("submit", () => {
      window.setTimeout(() => page.querySelector("[type=submit]").setAttribute("disabled", ""), 0);
    });
    let idle = window.setTimeout(leave, IDLE_SECONDS * 1000);
    ["input", "keydown", "pointerdown"].forEach((name) => {
      page.addEventListener(name, () => {
        window.clearTimeout(idle);
        idle = window.setTimeout(leave, IDLE_SECONDS * 1000);
      });
    });
  }

  if (page.dataset.kiosk === "done") {
    // Whoever goes back from here comes to the start, not to the ballot.
    window.history.pushState(null, "", window.location.href);
    window.addEventListener("popstate", leave);
    window.setTimeout(leave, DONE_SECONDS * 1000);
  }
})();
